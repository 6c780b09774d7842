"use client";

/** How a line of the minutes reads, on the page and as text alike. */
import { useTranslation } from "react-i18next";
import type { SharedLine, SharedTicket, Line, Step, TicketLine } from "@/api/schema";
import { day } from "@/ui/time";

type News = Pick<SharedTicket, "news" | "from_status" | "status" | "assignee" | "due">;

export function useWords() {
  const { t, i18n } = useTranslation();
  const due = (date: string) => t("board.due", { day: day(date, i18n.language) });
  return {
    /** A step says who does it and by when, too. */
    line: (line: Line | Step | SharedLine): string => {
      const facts = "who" in line ? [line.who, line.due && due(line.due), line.key] : [];
      return [line.text, ...facts].filter(Boolean).join(" · ");
    },
    /** What became of a ticket. */
    news: (ticket: News): string =>
      [
        ticket.from_status
          ? `${t(`status.${ticket.from_status}`)} → ${t(`status.${ticket.status}`)}`
          : t(`minutes.news.${ticket.news}`),
        ticket.assignee,
        ticket.due && due(ticket.due),
      ]
        .filter(Boolean)
        .join(" · "),
  };
}

/** A line about a ticket, as a shared one has it. */
export function flat(line: TicketLine): News & { key: string; title: string } {
  const { key, title, status, assignee, due } = line.ticket;
  return { key, title, status, assignee, due, news: line.news, from_status: line.from_status ?? null };
}
