/** Which tickets a list shows, and in which order. Pure. */
import type { Status, TicketOut } from "@/api/schema";

export interface Wanted {
  text: string;
  status: Status | "";
  assignee: string;
  label: string;
}

export const ANY: Wanted = { text: "", status: "", assignee: "", label: "" };
export const ORDERS = ["key", "title", "status", "assignee", "due"] as const;
export type Order = (typeof ORDERS)[number];
export const STATUSES: readonly Status[] = ["TODO", "IN_PROGRESS", "DONE"];

const LAST = "\uffff";

function place(ticket: TicketOut, order: Order): string {
  switch (order) {
    case "key":
      return String(1e9 - Number(ticket.key.split("-").at(-1))).padStart(10, "0"); // the newest first
    case "status":
      return String(STATUSES.indexOf(ticket.status));
    default:
      return ticket[order] ?? LAST;
  }
}

export function chosen(tickets: Iterable<TicketOut>, wanted: Wanted, order: Order, back: boolean): TicketOut[] {
  const text = wanted.text.trim().toLowerCase();
  const found = [...tickets].filter(
    (ticket) =>
      (!wanted.status || ticket.status === wanted.status) &&
      (!wanted.assignee || ticket.assignee === wanted.assignee) &&
      (!wanted.label || ticket.labels.includes(wanted.label)) &&
      (!text || `${ticket.key}\n${ticket.title}\n${ticket.content}`.toLowerCase().includes(text)),
  );
  const way = back ? -1 : 1;
  return found.sort(
    (one, other) =>
      way * place(one, order).localeCompare(place(other, order)) ||
      place(one, "key").localeCompare(place(other, "key")),
  );
}

/** The different values there are, in order. */
export function kinds(values: Iterable<string | null>): string[] {
  return [...new Set(values)].filter((value) => value !== null).sort((one, other) => one.localeCompare(other));
}
