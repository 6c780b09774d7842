/** What the meetings' pages ask for, and the links that lead to a meeting. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";

export interface Wanted {
  text: string;
  state: "" | "live" | "ended" | "planned";
  /** Days in the reader's time zone, as "2026-03-06", or empty. */
  from: string;
  to: string;
}

export const ALL: Wanted = { text: "", state: "", from: "", to: "" };

const DAY_MS = 86_400_000;

/** When a day begins, in the reader's time zone; with `after`, when the next one does. */
function edge(day: string, after = 0): string {
  const begins = new Date(`${day}T00:00`);
  return new Date(after ? new Date(begins.getTime() + 1.5 * DAY_MS).setHours(0, 0, 0, 0) : begins).toISOString();
}

export function useMeetings(wanted: Wanted) {
  const text = wanted.text.trim();
  const since = wanted.from && edge(wanted.from);
  const until = wanted.to && edge(wanted.to, 1);
  const asked = {
    ...(text ? { text } : {}),
    ...(wanted.state === "live" || wanted.state === "ended" ? { status: wanted.state } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
  return useInfiniteQuery({
    queryKey: ["meetings", asked],
    queryFn: ({ pageParam }) =>
      data(api.GET("/api/meetings", { params: { query: { ...asked, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    enabled: wanted.state !== "planned",
  });
}

export function usePlans() {
  return useQuery({ queryKey: ["plans"], queryFn: () => data(api.GET("/api/plans")), refetchInterval: 30_000 });
}

/** What one sends to others: it works before, during and after the meeting. */
export function linkOf(meetingId: string): string {
  return `${location.origin}/join/?id=${meetingId}`;
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The meeting that a link, or a bare id, is about. */
export function meetingIn(link: string): string | null {
  return ID.exec(link)?.[0].toLowerCase() ?? null;
}
