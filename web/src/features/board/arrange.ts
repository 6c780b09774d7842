/** Where tickets stand, and where a dragged one comes to lie. Pure. */
import type { Status, TicketOut } from "@/api/schema";

export const COLUMNS: readonly Status[] = ["TODO", "IN_PROGRESS", "DONE"];

export function columns(tickets: Iterable<TicketOut>): Record<Status, TicketOut[]> {
  const ranked = [...tickets].sort((one, other) => (one.rank < other.rank ? -1 : 1));
  return {
    TODO: ranked.filter((ticket) => ticket.status === "TODO"),
    IN_PROGRESS: ranked.filter((ticket) => ticket.status === "IN_PROGRESS"),
    DONE: ranked.filter((ticket) => ticket.status === "DONE"),
  };
}

export interface Place {
  status: Status;
  /** The ticket it lies under; null: on top. */
  after: string | null;
}

/** Where a ticket goes that is dropped over `over`: a column's name, or a ticket. Null: where it was. */
export function dropped(all: Record<Status, TicketOut[]>, moved: string, over: string): Place | null {
  const column = COLUMNS.find((status) => status === over);
  if (column) {
    const others = all[column].filter((ticket) => ticket.ticket_id !== moved);
    return { status: column, after: others.at(-1)?.ticket_id ?? null };
  }
  const status = COLUMNS.find((each) => all[each].some((ticket) => ticket.ticket_id === over));
  if (!status || over === moved) return null;
  const list = all[status];
  const from = list.findIndex((ticket) => ticket.ticket_id === moved);
  const to = list.findIndex((ticket) => ticket.ticket_id === over);
  const down = from !== -1 && from < to;
  return { status, after: down ? over : (list[to - 1]?.ticket_id ?? null) };
}

/** The same with a ticket put into its place, as it will be once VORI has said so. */
export function placed(tickets: ReadonlyMap<string, TicketOut>, moved: string, place: Place): TicketOut[] {
  const ticket = tickets.get(moved);
  if (!ticket) return [...tickets.values()];
  const list = columns(tickets.values())[place.status].filter((other) => other.ticket_id !== moved);
  const at = place.after === null ? 0 : list.findIndex((other) => other.ticket_id === place.after) + 1;
  const before = list[at - 1]?.rank ?? "";
  return [...tickets.values()].map((other) =>
    other.ticket_id === moved ? { ...ticket, status: place.status, rank: `${before}!` } : other,
  );
}
