"use client";

import { X } from "lucide-react";
import { Toast } from "radix-ui";
import { useTranslation } from "react-i18next";
import type { Note } from "./toast";

const LASTS_MS = 8000;

export function ToastStack({ notes, onGone }: { notes: readonly Note[]; onGone: (id: number) => void }) {
  const { t } = useTranslation();
  return (
    <Toast.Provider duration={LASTS_MS} label={t("app.news")}>
      {notes.map((note) => (
        <Toast.Root
          key={note.id}
          onOpenChange={(open) => !open && onGone(note.id)}
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
