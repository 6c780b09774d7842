"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";

const PLACES = {
  middle: "inset-x-4 top-[10dvh] mx-auto max-h-[80dvh] max-w-xl rounded-card",
  side: "inset-y-0 right-0 w-full max-w-xl md:border-l",
  menu: "inset-x-0 bottom-0 max-h-[80dvh] rounded-t-card md:inset-y-0 md:right-auto md:left-56 md:max-h-none md:w-full md:max-w-md md:rounded-none",
} as const;

interface PanelProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** In the middle, at the side as a drawer, or by the menu: beside it, on a phone a sheet over it. */
  place?: keyof typeof PLACES;
  children: ReactNode;
}

/** What floats over a page: Escape or a click beside it closes it, and focus goes back to where it was. */
export function Panel({ open, onClose, title, place = "middle", children }: PanelProps) {
  const { t } = useTranslation();
  const before = useRef<Element | null>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-ink/30" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          onInteractOutside={(event) => {
            if (event.target instanceof Element && event.target.closest("[data-toasts]")) event.preventDefault();
          }}
          className={`fixed z-40 overflow-y-auto border border-line bg-paper p-5 shadow-float outline-none ${PLACES[place]}`}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <Dialog.Title className="text-title font-semibold">{title}</Dialog.Title>
            <Dialog.Close aria-label={t("app.close")} className="rounded-control p-2 text-quiet hover:bg-sand">
              <X aria-hidden size={18} />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
