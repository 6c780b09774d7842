"use client";

/** Which of VORI's changes this reader has seen: the latest version of each ticket, kept in the browser. */
import { useSyncExternalStore } from "react";
import type { TicketOut } from "@/api/schema";

const KEPT = "vori.seen";
const MOST = 1000;

let seen: Readonly<Record<string, number>> | null = null;
const watchers = new Set<() => void>();

function known(): Readonly<Record<string, number>> {
  if (seen === null) {
    try {
      seen = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, number>;
    } catch {
      seen = {};
    }
  }
  return seen;
}

export function see(ticket: TicketOut): void {
  if (!ticket.by_vori || known()[ticket.ticket_id] === ticket.version) return;
  seen = Object.fromEntries([...Object.entries(known()), [ticket.ticket_id, ticket.version]].slice(-MOST)) as Record<
    string,
    number
  >;
  localStorage.setItem(KEPT, JSON.stringify(seen));
  watchers.forEach((told) => told());
}

function watch(told: () => void): () => void {
  watchers.add(told);
  return () => watchers.delete(told);
}

/** Whether VORI changed this ticket and the reader hasn't looked since. */
export function useUnseen(ticket: TicketOut): boolean {
  const version = useSyncExternalStore(
    watch,
    () => known()[ticket.ticket_id],
    () => undefined,
  );
  return ticket.by_vori && version !== ticket.version;
}
