"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";
import type { UtteranceOut } from "@/api/schema";

const SNAPSHOT = 200;
/** The live socket begins with so many utterances at most, the newest. */
const PAGE = 1000;
const NONE: readonly UtteranceOut[] = [];

/** All that was said, where a meeting is too long for the live socket's beginning; read anew after each snapshot. */
export function useEarlier(meetingId: string, snapshots: number, shown: number): readonly UtteranceOut[] {
  const { data: earlier = NONE } = useQuery({
    queryKey: ["transcript", meetingId, snapshots],
    enabled: shown >= SNAPSHOT,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    queryFn: () => everything(meetingId),
  });
  return earlier;
}

async function everything(meetingId: string): Promise<UtteranceOut[]> {
  const all: UtteranceOut[] = [];
  let cursor: string | null = null;
  do {
    const page = await one(meetingId, cursor);
    all.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return all;
}

function one(meetingId: string, cursor: string | null) {
  const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  const params = { path: { meeting_id: meetingId }, query };
  return data(api.GET("/api/meetings/{meeting_id}/transcript", { params }));
}
