"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { KEYS, useKept } from "@/ui/kept";
import { newTicket } from "./new-ticket";
import { chord, LETTERS, PLACES } from "./keys";
import "@/i18n/words/search";

const Palette = dynamic(() => import("./palette"), { ssr: false });
const Sheet = dynamic(() => import("./sheet").then((made) => made.Sheet), { ssr: false });

const SEQUENCE_MS = 1200;

function types(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/** The palette and the sheet of shortcuts, the keys that open them and go places, and a button for those without keys. */
export function Keyboard() {
  const { t } = useTranslation();
  const router = useRouter();
  const [open, setOpen] = useState<"palette" | "sheet" | null>(null);
  const [keys] = useKept(KEYS);
  const went = useRef(0);
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      setOpen(open === "palette" ? null : "palette");
      return;
    }
    if (keys === "off" || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    if (types(event.target) || document.querySelector("[role=dialog], [role=menu]")) return;
    const letter = LETTERS.find((one) => event.code === `Key${one.toUpperCase()}`); // also under a Korean keyboard
    if (letter && event.timeStamp - went.current < SEQUENCE_MS) router.push(PLACES[letter]);
    else if (event.code === "KeyN") router.push(newTicket());
    else if (event.key === "/") setOpen("palette");
    else if (event.key === "?") setOpen("sheet");
    else {
      went.current = event.code === "KeyG" ? event.timeStamp : 0;
      return;
    }
    went.current = 0;
    event.preventDefault();
  });
  useEffect(() => {
    const told = (event: KeyboardEvent) => pressed(event);
    document.addEventListener("keydown", told);
    return () => document.removeEventListener("keydown", told);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen("palette")}
        className="flex min-h-12 min-w-9 flex-col items-center justify-center gap-0.5 rounded-control text-meta font-medium md:w-full md:flex-row md:justify-start md:gap-3 md:px-3 md:text-body"
      >
        <Search aria-hidden size={20} />
        <span className="sr-only md:not-sr-only">{t("search.label")}</span>
        <kbd aria-hidden className="ml-auto hidden text-meta font-normal md:inline">
          {chord()}
        </kbd>
      </button>
      {open === "palette" && <Palette onClose={() => setOpen(null)} onHelp={() => setOpen("sheet")} />}
      {open === "sheet" && <Sheet onClose={() => setOpen(null)} />}
    </>
  );
}
