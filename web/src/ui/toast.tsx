"use client";

import { X } from "lucide-react";
import { Toast } from "radix-ui";
import { useSyncExternalStore } from "react";
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

/** Where what `say` says stands, on every page. */
export function Toasts() {
  const { t } = useTranslation();
  const now = useSyncExternalStore(
    watch,
    () => notes,
    () => notes,
  );
  return (
    <Toast.Provider duration={LASTS_MS} label={t("app.news")}>
      {now.map((note) => (
        <Toast.Root
          key={note.id}
          onOpenChange={(open) => !open && set(notes.filter((other) => other.id !== note.id))}
          className="flex items-center gap-3 rounded-control border border-line bg-card py-2 pr-2 pl-4 shadow-float"
        >
          <Toast.Description className="flex-1">{note.text}</Toast.Description>
          {note.act && (
            <Toast.Action
              altText={note.act.label}
              onClick={note.act.run}
              className="rounded-control px-3 py-1.5 font-medium text-accent hover:bg-sand"
            >
              {note.act.label}
            </Toast.Action>
          )}
          <Toast.Close aria-label={t("app.close")} className="rounded-control p-1.5 text-quiet hover:bg-sand">
            <X aria-hidden size={16} />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="fixed inset-x-4 bottom-24 z-50 flex flex-col gap-2 outline-none md:right-6 md:bottom-6 md:left-auto md:w-96 print:hidden" />
    </Toast.Provider>
  );
}
