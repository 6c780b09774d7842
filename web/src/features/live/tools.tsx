"use client";

import { Check, ChevronDown, ChevronUp, ClipboardCopy, Ellipsis, Eraser, Search as Glass, Volume2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Menu, MenuItem } from "@/ui/menu";
import type { Search } from "./use-search";

interface ToolsProps {
  search: Search;
  aloud: boolean;
  onAloud: (yes: boolean) => void;
  onCopy: () => void;
  /** Null where nothing can be struck. */
  onStrike: (() => void) | null;
  /** What else stands there: the bookmarks. */
  children: ReactNode;
}

/** The row above the transcript: find words, bookmarks, and what is done with all of it. */
export function Tools({ search, aloud, onAloud, onCopy, onStrike, children }: ToolsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex items-center gap-1 border-b border-line py-1">
      <Seek search={search} />
      {children}
      <Menu label={t("said.all")} button={<Ellipsis aria-hidden size={18} />}>
        <MenuItem onChoose={onCopy}>
          <ClipboardCopy aria-hidden size={16} />
          {t("said.copyAll")}
        </MenuItem>
        <DropdownMenu.CheckboxItem
          checked={aloud}
          onCheckedChange={onAloud}
          className="flex cursor-default items-center gap-2 rounded-control px-3 py-1.5 outline-none data-[highlighted]:bg-sand"
        >
          <Volume2 aria-hidden size={16} />
          {t("said.aloud")}
          <DropdownMenu.ItemIndicator className="ml-auto">
            <Check aria-hidden size={16} />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.CheckboxItem>
        {onStrike && (
          <MenuItem onChoose={onStrike}>
            <Eraser aria-hidden size={16} />
            {t("said.strike")}
          </MenuItem>
        )}
      </Menu>
    </div>
  );
}

function Seek({ search }: { search: Search }) {
  const { t } = useTranslation();
  const { sought, seek, count, place, go } = search;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") seek("");
  };
  return (
    <search className="flex min-w-0 flex-1 items-center gap-1">
      <label className="flex min-h-10 min-w-0 flex-1 items-center gap-2 rounded-control border border-line bg-card px-2 text-quiet focus-within:outline-2 focus-within:outline-accent">
        <Glass aria-hidden size={16} className="shrink-0" />
        <input
          aria-label={t("said.search")}
          placeholder={t("said.search")}
          value={sought}
          onChange={({ target }) => seek(target.value)}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-ink outline-none placeholder:text-quiet"
        />
        <span aria-live="polite" className="text-meta whitespace-nowrap">
          {sought.trim() && (place ? t("said.place", { place, count }) : t("said.found", { count }))}
        </span>
      </label>
      {count > 0 && (
        <>
          <Step label={t("said.previous")} onPress={() => go(-1)}>
            <ChevronUp aria-hidden size={18} />
          </Step>
          <Step label={t("said.next")} onPress={() => go(1)}>
            <ChevronDown aria-hidden size={18} />
          </Step>
        </>
      )}
    </search>
  );
}

function Step({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onPress}
      className="inline-flex size-9 shrink-0 items-center justify-center rounded-control text-quiet hover:bg-sand"
    >
      {children}
    </button>
  );
}
