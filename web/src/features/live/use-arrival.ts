"use client";

import { useEffect, useRef } from "react";
import { lineId } from "./marks";
import type { Line } from "./said";

const SHOWN_MS = 3000;

/** Who follows a link to a moment begins at the words said then, which are marked for a while. `atMs` null: no link. */
export function useArrival(lines: readonly Line[], atMs: number | null, reveal: (id: string) => void): void {
  const arrived = useRef<number | null>(null);
  useEffect(() => {
    if (atMs === null || arrived.current === atMs) return;
    const line = lines.findLast((each) => each.startMs <= atMs);
    if (!line) return; // older words are still on their way
    arrived.current = atMs;
    reveal(line.id);
    document
      .getElementById(lineId(line.id))
      ?.animate([{ background: "var(--sand)" }, { background: "var(--sand)", offset: 0.8 }, {}], SHOWN_MS);
  }, [lines, atMs, reveal]);
}
