"use client";

import { useDroppable } from "@dnd-kit/core";
import { SortableContext, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewTicket, Status, TicketOut } from "@/api/schema";
import { Card, type CardProps } from "./card";
import { Quick } from "./quick";
import "@/i18n/words/board";

const TINTS: Record<Status, string> = { TODO: "text-todo", IN_PROGRESS: "text-progress", DONE: "text-done" };
const DAY_MS = 86_400_000;

interface ColumnProps extends Omit<CardProps, "ticket" | "fresh"> {
  status: Status;
  tickets: readonly TicketOut[];
  /** Those that VORI changed a moment ago. */
  fresh: ReadonlySet<string>;
  /** What a ticket made here has besides its title. */
  given: Partial<NewTicket>;
  /** A new ticket is asked for here by the page's address; `onAdded` takes that away. */
  asked: boolean;
  onAdded: () => void;
}

export function Column({ status, tickets, fresh, given, asked, onAdded, ...rest }: ColumnProps) {
  const { t } = useTranslation();
  const { setNodeRef, isOver } = useDroppable({ id: status });
  const [pressed, setPressed] = useState(false);
  const adding = pressed || asked;
  const toggle = () => {
    setPressed(!adding);
    if (asked) onAdded();
  };
  const name = t(`status.${status}`);
  return (
    <section
      ref={setNodeRef}
      aria-label={name}
      className={`min-w-[80vw] snap-start rounded-card p-2 md:min-w-0 ${isOver ? "bg-sand" : ""}`}
    >
      <div className="mb-3 flex items-center gap-2">
        <h2 className={`font-semibold ${TINTS[status]}`}>{name}</h2>
        <span className="text-quiet">{tickets.length}</span>
        <Age tickets={tickets} />
        <button
          type="button"
          aria-label={t("board.addTo", { status: name })}
          aria-expanded={adding}
          onClick={toggle}
          className="ml-auto rounded-control p-2 text-quiet hover:bg-sand"
        >
          <Plus aria-hidden size={18} />
        </button>
      </div>
      {adding && <Quick given={{ ...given, status }} onClose={toggle} />}
      <SortableContext items={tickets.map((ticket) => ticket.ticket_id)} strategy={verticalListSortingStrategy}>
        <ul className="flex min-h-24 flex-col gap-2">
          {tickets.map((ticket) => (
            <Card key={ticket.ticket_id} ticket={ticket} fresh={fresh.has(ticket.ticket_id)} {...rest} />
          ))}
        </ul>
      </SortableContext>
    </section>
  );
}

/** How old the oldest of them is. */
function Age({ tickets }: { tickets: readonly TicketOut[] }) {
  const { t } = useTranslation();
  const [now] = useState(Date.now);
  if (tickets.length === 0) return null;
  const oldest = Math.min(...tickets.map((ticket) => Date.parse(ticket.created_at)));
  const days = Math.floor((now - oldest) / DAY_MS);
  return days > 0 ? <span className="text-meta text-quiet">{t("board.oldest", { days })}</span> : null;
}
