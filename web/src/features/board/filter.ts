/** Which tickets the board shows and how it groups them, as the address says. Pure. */
import type { TicketOut } from "@/api/schema";

export interface Wanted {
  text: string;
  assignee: string;
  label: string;
  blocked: boolean;
  /** Only what VORI changed last. */
  vori: boolean;
  group: "" | "assignee" | "label";
}

export function wantedBy(query: URLSearchParams): Wanted {
  const group = query.get("group");
  return {
    text: query.get("q") ?? "",
    assignee: query.get("assignee") ?? "",
    label: query.get("label") ?? "",
    blocked: query.has("blocked"),
    vori: query.has("vori"),
    group: group === "assignee" || group === "label" ? group : "",
  };
}

export function narrowed(wanted: Wanted): boolean {
  return Boolean(wanted.text || wanted.assignee || wanted.label || wanted.blocked || wanted.vori);
}

export function fits(ticket: TicketOut, wanted: Wanted): boolean {
  const text = wanted.text.trim().toLowerCase();
  return (
    (!text || `${ticket.key}\n${ticket.title}\n${ticket.content}`.toLowerCase().includes(text)) &&
    (!wanted.assignee || ticket.assignee === wanted.assignee) &&
    (!wanted.label || ticket.labels.includes(wanted.label)) &&
    (!wanted.blocked || ticket.blocked) &&
    (!wanted.vori || ticket.by_vori)
  );
}

interface Group {
  /** Null: those with none. */
  name: string | null;
  tickets: TicketOut[];
}

/** By name, those with none last; a ticket with several labels stands under each. */
export function grouped(tickets: readonly TicketOut[], by: Wanted["group"]): Group[] {
  if (!by) return [{ name: null, tickets: [...tickets] }];
  const groups = new Map<string | null, TicketOut[]>();
  for (const ticket of tickets) {
    const names = by === "assignee" ? [ticket.assignee] : ticket.labels.length ? ticket.labels : [null];
    for (const name of names) groups.set(name, [...(groups.get(name) ?? []), ticket]);
  }
  return [...groups]
    .map(([name, some]) => ({ name, tickets: some }))
    .sort((one, other) => (one.name === null ? 1 : other.name === null ? -1 : one.name.localeCompare(other.name)));
}

export function namesIn(tickets: Iterable<TicketOut>): { people: string[]; labels: string[] } {
  const people = new Set<string>();
  const labels = new Set<string>();
  for (const ticket of tickets) {
    if (ticket.assignee) people.add(ticket.assignee);
    ticket.labels.forEach((label) => labels.add(label));
  }
  const sorted = (names: Set<string>) => [...names].sort((one, other) => one.localeCompare(other));
  return { people: sorted(people), labels: sorted(labels) };
}
