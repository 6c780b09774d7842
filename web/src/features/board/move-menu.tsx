"use client";

import { EllipsisVertical } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import type { Status, TicketOut } from "@/api/schema";
import { COLUMNS } from "./arrange";

/** "Move to…": what dragging does, for those who don't drag. */
export function MoveMenu({ ticket, onMove }: { ticket: TicketOut; onMove: (status: Status) => void }) {
  const { t } = useTranslation();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={`${t("board.move")} ${ticket.key}`}
        className="absolute top-1.5 right-1.5 rounded-control p-1.5 text-quiet hover:bg-sand"
      >
        <EllipsisVertical aria-hidden size={16} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          className="z-30 min-w-40 rounded-control border border-line bg-card p-1 shadow-float"
        >
          <DropdownMenu.Label className="px-3 py-1.5 text-meta text-quiet">{t("board.move")}</DropdownMenu.Label>
          {COLUMNS.filter((status) => status !== ticket.status).map((status) => (
            <DropdownMenu.Item
              key={status}
              onSelect={() => onMove(status)}
              className="cursor-default rounded-control px-3 py-1.5 outline-none data-[highlighted]:bg-sand"
            >
              {t(`status.${status}`)}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
