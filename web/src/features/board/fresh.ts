"use client";

import { useEffect, useState } from "react";
import type { LiveDiff } from "@/api/schema";

/** So long a card says why VORI has just changed it. */
const LASTS_MS = 12_000;

/** The tickets that VORI changed in the last seconds, while this page looked. */
export function useFresh(last: LiveDiff | null): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (last?.kind !== "ticket" || !last.data?.by_vori) return;
    const { ticket_id: id } = last.data;
    setTimeout(() => setFresh((now) => new Set([...now, id])));
    setTimeout(() => setFresh((now) => new Set([...now].filter((other) => other !== id))), LASTS_MS);
  }, [last]);
  return fresh;
}
