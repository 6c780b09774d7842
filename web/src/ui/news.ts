"use client";

/** What the live sockets of this page hear, for those who only want to know that something happened. */
import type { LiveDiff } from "@/api/schema";

let latest: LiveDiff | null = null;
const watchers = new Set<(diff: LiveDiff) => void>();

/** Pass a change on; the same one again is none. */
export function hear(diff: LiveDiff | null): void {
  if (!diff || diff === latest) return;
  latest = diff;
  watchers.forEach((told) => told(diff));
}

/** Be told of every change. Returns how to stop. */
export function onNews(told: (diff: LiveDiff) => void): () => void {
  watchers.add(told);
  return () => void watchers.delete(told);
}
