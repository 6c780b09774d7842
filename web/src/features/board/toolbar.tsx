"use client";

import { useTranslation } from "react-i18next";
import { Input, Select } from "@/ui/field";
import type { Wanted } from "./filter";

export type Ask = (changes: Record<string, string | null>) => void;

interface ToolbarProps {
  wanted: Wanted;
  people: readonly string[];
  labels: readonly string[];
  onAsk: Ask;
}

/** What narrows and groups the board. */
export function Toolbar({ wanted, people, labels, onAsk }: ToolbarProps) {
  const { t } = useTranslation();
  const choice = "w-auto max-w-44";
  return (
    <search className="mt-4 flex flex-wrap items-center gap-2" aria-label={t("board.filters")}>
      <Input
        type="search"
        className="max-w-60"
        value={wanted.text}
        placeholder={t("board.search")}
        aria-label={t("board.search")}
        onChange={(event) => onAsk({ q: event.target.value || null })}
      />
      <Select
        className={choice}
        aria-label={t("board.assignee")}
        value={wanted.assignee}
        onChange={(event) => onAsk({ assignee: event.target.value || null })}
      >
        <option value="">{t("board.everyone")}</option>
        {options(people, wanted.assignee)}
      </Select>
      {labels.length > 0 && (
        <Select
          className={choice}
          aria-label={t("board.label")}
          value={wanted.label}
          onChange={(event) => onAsk({ label: event.target.value || null })}
        >
          <option value="">{t("board.everyLabel")}</option>
          {options(labels, wanted.label)}
        </Select>
      )}
      <Toggle on={wanted.blocked} text={t("board.blocked")} onTurn={(on) => onAsk({ blocked: on ? "1" : null })} />
      <Toggle on={wanted.vori} text={t("board.byVori")} onTurn={(on) => onAsk({ vori: on ? "1" : null })} />
      <Select
        className={choice}
        aria-label={t("board.group")}
        value={wanted.group}
        onChange={(event) => onAsk({ group: event.target.value || null })}
      >
        <option value="">{t("board.noGroups")}</option>
        <option value="assignee">{t("board.byAssignee")}</option>
        <option value="label">{t("board.byLabel")}</option>
      </Select>
    </search>
  );
}

function options(names: readonly string[], chosen: string) {
  const all = chosen && !names.includes(chosen) ? [...names, chosen] : names;
  return all.map((name) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
}

function Toggle({ on, text, onTurn }: { on: boolean; text: string; onTurn: (on: boolean) => void }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onTurn(!on)}
      className="min-h-10 rounded-control border border-line bg-card px-3 aria-pressed:border-ink aria-pressed:bg-sand"
    >
      {text}
    </button>
  );
}
