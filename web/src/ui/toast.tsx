"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";

export interface Note {
  id: number;
  text: string;
  act?: { label: string; run: () => void } | undefined;
}

const AT_ONCE = 3;
const Stack = lazy(() => import("./toast-stack").then((made) => ({ default: made.ToastStack })));

let notes: readonly Note[] = [];
let next = 0;
const watchers = new Set<() => void>();

function set(now: readonly Note[]): void {
  notes = now;
  watchers.forEach((told) => told());
}

/** Say something in passing; `act` is one thing to do about it, such as taking it back. */
export function say(text: string, act?: Note["act"]): void {
  next += 1;
  set([...notes.slice(1 - AT_ONCE), { id: next, text, act }]);
}

function watch(told: () => void): () => void {
  watchers.add(told);
  return () => watchers.delete(told);
}

/** Where what `say` says stands, on every page. Its code comes with the first note. */
export function Toasts() {
  const now = useSyncExternalStore(
    watch,
    () => notes,
    () => notes,
  );
  if (next === 0) return null;
  return (
    <Suspense>
      <Stack notes={now} onGone={(id) => set(notes.filter((note) => note.id !== id))} />
    </Suspense>
  );
}
