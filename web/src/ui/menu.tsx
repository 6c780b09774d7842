"use client";

import { lazy, type KeyboardEvent, type ReactNode, Suspense, useRef, useState } from "react";

const load = () => import("./menu-list");
const MenuList = lazy(() => load().then((made) => ({ default: made.MenuList })));
export const MenuHead = lazy(() => load().then((made) => ({ default: made.MenuHead })));
export const MenuItem = lazy(() => load().then((made) => ({ default: made.MenuItem })));
export const MenuCheck = lazy(() => load().then((made) => ({ default: made.MenuCheck })));

interface MenuProps {
  /** What the button is called, for those who can't see it. */
  label: string;
  button: ReactNode;
  className?: string;
  /** `MenuItem`s and their kin. */
  children: ReactNode;
}

/** A button that opens a list of things to do. The list's code comes when somebody is about to press. */
export function Menu({ label, button, className = "", children }: MenuProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<false | "by key" | "by hand">(false);
  const soon = () => void load();
  const down = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    setOpen("by key");
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open !== false}
        onPointerEnter={soon}
        onFocus={soon}
        onKeyDown={down}
        onClick={({ detail }) => setOpen(open ? false : detail === 0 ? "by key" : "by hand")}
        className={`inline-flex min-h-9 items-center gap-1 rounded-control p-2 text-quiet hover:bg-sand ${className}`}
      >
        {button}
      </button>
      {open && (
        <Suspense>
          <MenuList trigger={trigger} byKey={open === "by key"} onClose={() => setOpen(false)}>
            {children}
          </MenuList>
        </Suspense>
      )}
    </>
  );
}
