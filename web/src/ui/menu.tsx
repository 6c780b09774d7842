"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuProps {
  /** What the button is called, for those who can't see it. */
  label: string;
  button: ReactNode;
  className?: string;
  /** Open as soon as it is there. */
  defaultOpen?: boolean;
  children: ReactNode;
}

/** A button that opens a list of things to do. Not modal: to hide all the rest takes long on a page with much on it. */
export function Menu({ label, button, className = "", defaultOpen = false, children }: MenuProps) {
  return (
    <DropdownMenu.Root defaultOpen={defaultOpen} modal={false}>
      <DropdownMenu.Trigger
        aria-label={label}
        className={`inline-flex min-h-9 items-center gap-1 rounded-control p-2 text-quiet hover:bg-sand ${className}`}
      >
        {button}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          onCloseAutoFocus={(event) => writes() && event.preventDefault()}
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
    <DropdownMenu.Item
      onSelect={onChoose}
      className="flex cursor-default items-center gap-2 rounded-control px-3 py-1.5 outline-none data-[highlighted]:bg-sand"
    >
      {children}
    </DropdownMenu.Item>
  );
}
