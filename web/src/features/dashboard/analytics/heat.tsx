"use client";

import { useTranslation } from "react-i18next";
import type { CellOut, Team } from "@/api/schema";
import type { Open } from "./behind";
import { Card } from "./card";
import "@/i18n/words/analytics";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Hours by weekdays: a table whose cells are the darker the more a meeting then yields. */
export function Heat({ team, onOpen }: { team: Team; onOpen: Open }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const title = t("analytics.heat.title");
  if (team.pattern.length === 0) return null;
  const most = Math.max(...team.pattern.map((cell) => cell.actionable), 0.1);
  const rows = [...new Set(team.pattern.map((cell) => cell.hour))].sort((one, other) => one - other);
  const last = Math.max(5, ...team.pattern.map((cell) => cell.weekday));
  const days = Array.from({ length: last }, (_, n) => n + 1);
  const named = (weekday: number, long: boolean) =>
    new Intl.DateTimeFormat(language, { weekday: long ? "long" : "short", timeZone: "UTC" }).format(
      MONDAY + (weekday - 1) * DAY_MS,
    );
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  const at = (weekday: number, hour: number) =>
    team.pattern.find((cell) => cell.weekday === weekday && cell.hour === hour);
  const open = (cell: CellOut) =>
    onOpen({
      title: `${named(cell.weekday, true)} ${clock(cell.hour)}`,
      meetings: [...cell.meetings].reverse().map((id) => ({ id })),
    });
  return (
    <Card title={title}>
      {team.best.length ? (
        team.best.map((row) => <p key={row.key}>{language === "ko" ? row.sentence_ko : row.sentence_en}</p>)
      ) : (
        <p>{t("analytics.heat.none")}</p>
      )}
      <p className="mt-1 text-meta text-quiet">{t("analytics.heat.cell")}</p>
      <table className="mt-4 w-full table-fixed border-separate border-spacing-1 text-center text-meta">
        <caption className="sr-only">{title}</caption>
        <thead className="text-quiet">
          <tr>
            <th scope="col" className="w-14 text-left font-medium">
              {t("analytics.heat.hour")}
            </th>
            {days.map((weekday) => (
              <th key={weekday} scope="col" className="font-medium" abbr={named(weekday, true)}>
                {named(weekday, false)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((hour) => (
            <tr key={hour}>
              <th scope="row" className="text-left font-normal text-quiet">
                {clock(hour)}
              </th>
              {days.map((weekday) => {
                const cell = at(weekday, hour);
                return (
                  <td key={weekday} className="p-0">
                    {cell && <Cell cell={cell} part={cell.actionable / most} onOpen={() => open(cell)} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Cell({ cell, part, onOpen }: { cell: CellOut; part: number; onOpen: () => void }) {
  const { i18n } = useTranslation();
  const value = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(cell.actionable);
  return (
    <button
      type="button"
      onClick={onOpen}
      style={{ background: `color-mix(in oklab, var(--accent) ${Math.round(6 + 30 * part)}%, var(--card))` }}
      className="min-h-9 w-full rounded-sm px-1 text-ink"
    >
      {value} <span className="whitespace-nowrap">({cell.meetings.length})</span>
    </button>
  );
}
