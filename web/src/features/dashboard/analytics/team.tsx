"use client";

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FigureOut, Team } from "@/api/schema";
import { Select } from "@/ui/field";
import { day } from "@/ui/time";
import { Chart } from "../chart";
import type { Colours } from "../draw";
import type { Open } from "./behind";
import { Card, Table } from "./card";
import { columns } from "./columns";
import { tell } from "./tell";
import "@/i18n/words/analytics";
import "@/i18n/words/measures";

interface Props {
  team: Team;
  onOpen: Open;
}

type Name = FigureOut["name"];
const PARTS = {
  actionable_part: "actionable",
  decision_time_part: "decision_time",
  participation_part: "participation",
};
const SCORES: readonly string[] = ["score", ...Object.keys(PARTS)];

function useOpen(onOpen: Open) {
  const { t, i18n } = useTranslation();
  return (figure: FigureOut) =>
    figure.meetings.length
      ? () =>
          onOpen({
            title: t(`measures.name.${figure.name}`),
            meetings: [...figure.meetings].reverse().map(({ meeting_id: id, value, base }) => ({
              id,
              value: tell(figure.unit, base === null ? value : base ? value / base : null, i18n.language),
            })),
          })
      : undefined;
}

/** The score, and always the three parts that it is made of. */
export function Score({ team, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const opens = useOpen(onOpen);
  const figures = SCORES.map((name) => team.figures.find((one) => one.name === name)).filter(
    (one) => one !== undefined,
  );
  const total = Object.values(team.weights).reduce((sum, weight) => sum + weight, 0);
  return (
    <Card title={t("analytics.score.title")}>
      <p className="text-quiet">{t("analytics.score.about")}</p>
      <ul className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        {figures.map((figure) => {
          const part = PARTS[figure.name as keyof typeof PARTS] as keyof Team["weights"] | undefined;
          const weight = part ? Math.round((100 * (team.weights[part] ?? 0)) / total) : null;
          const open = opens(figure);
          const told = (
            <>
              <span className="block text-meta font-medium text-quiet">{t(`measures.name.${figure.name}`)}</span>
              <span className="mt-1 block text-display font-semibold">
                {tell("points", figure.value, i18n.language)}{" "}
                {figure.value !== null && (
                  <span className="text-meta font-normal text-quiet">{t("analytics.score.of")}</span>
                )}
              </span>
              <span className="mt-1 block text-meta text-quiet">
                {[
                  figure.value === null && part === undefined
                    ? t("analytics.score.no")
                    : t("analytics.score.meetings", { count: figure.meetings.length }),
                  weight === null ? "" : t("analytics.score.weight", { weight }),
                  t("analytics.score.before", { value: tell("points", figure.before, i18n.language) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </>
          );
          const look = "flex h-full w-full flex-col rounded-control border border-line p-3 text-left";
          return (
            <li key={figure.name}>
              {open ? (
                <button type="button" onClick={open} className={`${look} hover:bg-sand`}>
                  {told}
                </button>
              ) : (
                <div className={look}>{told}</div>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** Every other measure of the span beside the one before. */
export function Measures({ team, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const opens = useOpen(onOpen);
  const told = team.figures.filter((one) => !SCORES.includes(one.name) && (one.value !== null || one.before !== null));
  const { withheld_before: hidden } = team;
  return (
    <Card title={t("analytics.numbers")}>
      {hidden && (
        <p className="text-quiet">{t("analytics.withheldBefore", { people: hidden.people, least: hidden.least })}</p>
      )}
      <Table
        title={t("analytics.numbers")}
        head={[t("analytics.name"), t("analytics.now"), t("analytics.before")]}
        rows={told.map((figure) => ({
          key: figure.name,
          name: t(`measures.name.${figure.name}`),
          cells: [figure.value, figure.before].map((value) => tell(figure.unit, value, i18n.language)),
          onOpen: opens(figure),
        }))}
      />
    </Card>
  );
}

/** One measure, day by day or week by week. */
export function Series({ team, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const [which, setWhich] = useState<Name>("score");
  const unit = team.figures.find((one) => one.name === which)?.unit ?? "count";
  const points = useMemo(
    () => team.series.map((point) => ({ ...point, value: point.values[which] ?? null })),
    [team.series, which],
  );
  const build = useMemo(
    () => (colours: Colours, room: number) =>
      columns(colours, {
        names: points.map((point) => day(point.first, language)),
        fill: "todo",
        widest: 36,
        values: points.map((point) => point.value),
        told: (value) => tell(unit, value, language),
        roomy: room / points.length > 48,
      }),
    [points, unit, language],
  );
  const title = t("analytics.series.title");
  const open = (of: typeof points) =>
    onOpen({
      title,
      meetings: of
        .flatMap((one) => one.meetings)
        .map((id) => ({ id }))
        .reverse(),
    });
  const weekly = points.length > 1 && team.period.first !== points[0]?.first ? true : points.length > 31;
  return (
    <Chart
      title={title}
      answer={
        <label className="flex items-center gap-2 text-meta">
          <span className="shrink-0">{t("analytics.series.which")}</span>
          <Select className="max-w-xs" value={which} onChange={({ target }) => setWhich(target.value as Name)}>
            {team.figures.map(({ name }) => (
              <option key={name} value={name}>
                {t(`measures.name.${name}`)}
              </option>
            ))}
          </Select>
        </label>
      }
      height={200}
      build={build}
      onPick={({ index }) => open(points.slice(index, index + 1))}
      head={[t(weekly ? "analytics.series.week" : "analytics.series.day"), t(`measures.name.${which}`)]}
      rows={points.map((point) => ({
        name: day(point.first, language),
        cells: [tell(unit, point.value, language)],
        onOpen: point.meetings.length ? () => open([point]) : undefined,
      }))}
      onBehind={() => open(points)}
    />
  );
}
