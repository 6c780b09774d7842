"use client";

import { EllipsisVertical } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Status, TicketOut } from "@/api/schema";
import { Menu, MenuHead, MenuItem } from "@/ui/menu";
import { COLUMNS } from "./arrange";
import "@/i18n/words/board";

/** "Move to…": what dragging does, for those who don't drag. */
export function MoveMenu({ ticket, onMove }: { ticket: TicketOut; onMove: (status: Status) => void }) {
  const { t } = useTranslation();
  return (
    <Menu label={`${t("board.move")} ${ticket.key}`} button={<EllipsisVertical aria-hidden size={16} />}>
      <MenuHead>{t("board.move")}</MenuHead>
      {COLUMNS.filter((status) => status !== ticket.status).map((status) => (
        <MenuItem key={status} onChoose={() => onMove(status)}>
          {t(`status.${status}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
