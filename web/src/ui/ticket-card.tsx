"use client";

import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TicketOut } from "@/api/schema";
import { day, today } from "./time";
import "@/i18n/words/board";

interface TicketCardProps {
  ticket: TicketOut;
  /** A dot, and what it means. */
  mark?: string | null;
  /** `div` inside a button, which an article may not be part of. */
  as?: "article" | "div";
  /** Under it: a quote, buttons. */
  children?: ReactNode;
}

/** A ticket in at most four lines. */
export function TicketCard({ ticket, mark = null, as: Box = "article", children }: TicketCardProps) {
  const { t, i18n } = useTranslation();
  const late = ticket.due !== null && ticket.status !== "DONE" && ticket.due < today();
  return (
    <Box className="rounded-card border border-line bg-card p-3">
      <p className="flex items-center gap-2 text-meta text-quiet">
        {mark && <span role="img" aria-label={mark} title={mark} className="size-2 rounded-full bg-accent" />}
        <span>{ticket.key}</span>
        {ticket.blocked && (
          <span className="inline-flex items-center gap-1 text-danger" title={ticket.blocked_reason}>
            <CircleAlert aria-hidden size={14} />
            {t("board.blocked")}
          </span>
        )}
      </p>
      <h3 className="line-clamp-2 font-medium">{ticket.title}</h3>
      <p className="flex flex-wrap gap-x-2 text-meta text-quiet">
        <span>{ticket.assignee ?? t("board.unassigned")}</span>
        {ticket.due && (
          <span className={late ? "text-danger" : ""}>
            {t(late ? "board.overdue" : "board.due", { day: day(ticket.due, i18n.language) })}
          </span>
        )}
        {ticket.labels.map((label) => (
          <span key={label}>#{label}</span>
        ))}
      </p>
      {children}
    </Box>
  );
}
