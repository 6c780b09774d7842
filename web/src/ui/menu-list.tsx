"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type FocusEvent, type ReactNode, type RefObject, useRef, useState } from "react";
import { createPortal } from "react-dom";

const ITEM =
  "flex cursor-default items-center gap-2 rounded-control px-3 py-1.5 outline-none data-[highlighted]:bg-sand";

interface MenuListProps {
  /** The button that opened it: it opens below, and gives focus back. */
  trigger: RefObject<HTMLButtonElement | null>;
  /** Then the first thing in it is chosen already. */
  byKey: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** The list itself. Not modal: to hide all the rest takes long on a page with much on it. */
export function MenuList({ trigger, byKey, onClose, children }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  const [place] = useState(() => trigger.current?.getBoundingClientRect());
  const entered = useRef(!byKey);
  const enter = (event: FocusEvent<HTMLDivElement>) => {
    if (entered.current || event.target !== event.currentTarget) return;
    entered.current = true;
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus());
  };
  return (
    <DropdownMenu.Root open onOpenChange={(now) => !now && onClose()} modal={false}>
      {createPortal(
        <DropdownMenu.Trigger asChild>
          <span
            aria-hidden
            className="pointer-events-none fixed"
            style={{ left: place?.x, top: place?.y, width: place?.width, height: place?.height }}
          />
        </DropdownMenu.Trigger>,
        document.body, // a line of a transcript is a place of its own, in which nothing is fixed to the window
      )}
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          ref={list}
          onFocus={enter}
          align="end"
          aria-label={trigger.current?.getAttribute("aria-label") ?? undefined}
          onInteractOutside={(event) => {
            if (trigger.current?.contains(event.target as Node)) event.preventDefault(); // its own press closes it
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!writes()) trigger.current?.focus();
          }}
          className="z-50 min-w-40 rounded-control border border-line bg-card p-1 shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Whether what was chosen has put the cursor into a field: it stays there. */
function writes(): boolean {
  return document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement;
}

export function MenuHead({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-3 py-1.5 text-meta text-quiet">{children}</DropdownMenu.Label>;
}

export function MenuItem({ onChoose, children }: { onChoose: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item onSelect={onChoose} className={ITEM}>
      {children}
    </DropdownMenu.Item>
  );
}

/** Something that is on or off. */
export function MenuCheck({
  on,
  onTurn,
  children,
}: {
  on: boolean;
  onTurn: (on: boolean) => void;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.CheckboxItem checked={on} onCheckedChange={onTurn} className={ITEM}>
      {children}
      <DropdownMenu.ItemIndicator className="ml-auto">
        <Check aria-hidden size={16} />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}
