"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { BEFORE, follow, type Following } from "@/api/follow";
import { hear } from "./news";

/** The pages' sockets that are broken just now. */
const broken = new Set<object>();
const watchers = new Set<() => void>();

function mark(socket: object, lost: boolean) {
  if (lost === broken.has(socket)) return;
  if (lost) broken.add(socket);
  else broken.delete(socket);
  for (const watcher of watchers) watcher();
}

/** What the live socket of a meeting (or of the overview) says, now and from now on. */
export function useLive(meetingId: string | null): Following {
  const [now, setNow] = useState<Following>(BEFORE);
  useEffect(() => {
    const mine = {};
    const leave = follow(meetingId, (told) => {
      mark(mine, told.connection === "lost");
      hear(told.last);
      setNow(told);
    });
    return () => {
      leave();
      mark(mine, false);
    };
  }, [meetingId]);
  return now;
}

/** Whether what is shown may be old: the line to VORI is broken. */
export function useLost(): boolean {
  return useSyncExternalStore(watch, () => broken.size > 0);
}

function watch(told: () => void): () => void {
  watchers.add(told);
  return () => watchers.delete(told);
}
