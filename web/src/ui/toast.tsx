"use client";

import { X } from "lucide-react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

interface Note {
  id: number;
  text: string;
  act?: { label: string; run: () => void } | undefined;
}

const LASTS_MS = 8000;
const AT_ONCE = 3;

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

/** Where what `say` says stands, on every page. It may be pressed beside an open panel, and takes no key from it. */
export function Toasts() {
  const { t } = useTranslation();
  const now = useSyncExternalStore(
    watch,
    () => notes,
    () => notes,
  );
  return (
    <div
      data-toasts
      role="region"
      aria-label={t("app.news")}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-50 flex flex-col gap-2 md:right-6 md:bottom-6 md:left-auto md:w-96 print:hidden"
    >
      {now.map((note) => (
        <Toast key={note.id} note={note} />
      ))}
    </div>
  );
}

/** It goes by itself, but not while one points at it or is in it. */
function Toast({ note }: { note: Note }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  const onGone = useCallback(() => set(notes.filter((other) => other.id !== note.id)), [note.id]);
  useEffect(() => {
    if (held) return;
    const waiting = setTimeout(onGone, LASTS_MS);
    return () => clearTimeout(waiting);
  }, [held, onGone]);
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex items-center gap-3 rounded-control border border-line bg-card py-2 pr-2 pl-4 shadow-float"
    >
      <p className="flex-1">{note.text}</p>
      {note.act && (
        <button
          type="button"
          onClick={() => {
            note.act?.run();
            onGone();
          }}
          className="rounded-control px-3 py-1.5 font-medium text-accent hover:bg-sand"
        >
          {note.act.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t("app.close")}
        onClick={onGone}
        className="rounded-control p-1.5 text-quiet hover:bg-sand"
      >
        <X aria-hidden size={16} />
      </button>
    </div>
  );
}
