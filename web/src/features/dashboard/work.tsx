"use client";

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Age, Dashboard, Waiting as Waited } from "@/api/schema";
import { span } from "@/ui/time";
import { Chart, Key, NoChart } from "./chart";
import type { Colours, Option } from "./draw";
import type { Behind } from "./evidence";

const STATUS = { TODO: "todo", IN_PROGRESS: "progress", DONE: "done" } as const;
const NO_LINES = { axisLine: { show: false }, axisTick: { show: false } } as const;

const FAINT = "66";
/** 40 %, as the last digits of a colour. */

interface Props {
  shown: Dashboard;
  onOpen: (behind: Behind) => void;
}

function waits(waiting: readonly Waited[], names: readonly string[], told: (ms: number) => string) {
  const bar = (one: Waited, ms: number | null, faint: boolean, colours: Colours) => ({
    value: ms ?? 0,
    itemStyle: { color: colours[STATUS[one.status]] + (faint ? FAINT : ""), borderRadius: 4 },
    label: { show: ms !== null, position: "right" as const, color: colours.ink, formatter: () => told(ms ?? 0) },
  });
  return (colours: Colours): Option => ({
    grid: { left: 8, right: 72, top: 8, bottom: 0 },
    xAxis: { type: "value", show: false },
    yAxis: { type: "category", inverse: true, data: [...names], axisLabel: { color: colours.ink }, ...NO_LINES },
    series: [
      { type: "bar", barWidth: 18, data: waiting.map((one) => bar(one, one.median_ms, false, colours)) },
      { type: "bar", barWidth: 18, data: waiting.map((one) => bar(one, one.before_ms, true, colours)) },
    ],
  });
}

export function Waiting({ shown, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const title = t("dashboard.waiting.title");
  const { waiting } = shown;
  const build = useMemo(
    () =>
      waits(
        waiting,
        waiting.map((one) => t(`status.${one.status}`)),
        (ms) => span(ms, language),
      ),
    [waiting, language, t],
  );
  const nothing = waiting.every((one) => one.median_ms === null);
  if (nothing) return <NoChart title={title} why={t("dashboard.waiting.nothing")} />;
  const tell = (ms: number | null) => (ms === null ? "–" : span(ms, language));
  const sentence = (one: Waited) => {
    const status = t(`status.${one.status}`);
    const said =
      one.median_ms === null
        ? t("dashboard.waiting.none", { status })
        : t("dashboard.waiting.left", { status, time: tell(one.median_ms) });
    return one.before_ms === null
      ? `${said}.`
      : `${said} (${t("dashboard.waiting.leftBefore", { time: tell(one.before_ms) })}).`;
  };
  const open = (of: readonly Waited[]) => onOpen({ title, lasting: of.flatMap((one) => one.tickets) });
  return (
    <Chart
      title={title}
      answer={waiting.map((one) => (
        <p key={one.status}>{sentence(one)}</p>
      ))}
      legend={
        <Key
          items={[
            { fill: "todo", name: t("dashboard.now") },
            { fill: "todo", faint: true, name: t("dashboard.before") },
          ]}
        />
      }
      height={120}
      build={build}
      onPick={({ series, index }) => series === 0 && open(waiting.slice(index, index + 1))}
      head={[t("dashboard.waiting.status"), t("dashboard.waiting.median"), t("dashboard.before")]}
      rows={waiting.map((one) => ({
        name: t(`status.${one.status}`),
        cells: [tell(one.median_ms), tell(one.before_ms)],
        onOpen: one.tickets.length ? () => open([one]) : undefined,
      }))}
      onBehind={() => open(waiting)}
    />
  );
}

function many(age: Age, status: "TODO" | "IN_PROGRESS"): number {
  return age.tickets.filter((ticket) => ticket.status === status).length;
}

function columns(ages: readonly Age[], names: readonly string[]) {
  return (colours: Colours): Option => ({
    grid: { left: 8, right: 8, top: 8, bottom: 4 },
    xAxis: {
      type: "category",
      data: [...names],
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.ink, interval: 0, width: 64, overflow: "break", lineHeight: 16 },
    },
    yAxis: { type: "value", show: false },
    series: (["TODO", "IN_PROGRESS"] as const).map((status) => ({
      type: "bar" as const,
      stack: "open",
      barMaxWidth: 48,
      itemStyle: { color: colours[STATUS[status]], borderColor: colours.card, borderWidth: 1 },
      data: ages.map((age) => {
        const value = many(age, status);
        return { value, label: { show: value > 0, color: colours.card } };
      }),
    })),
  });
}

export function Ageing({ shown, onOpen }: Props) {
  const { t } = useTranslation();
  const title = t("dashboard.ageing.title");
  const { ageing } = shown;
  const names = useMemo(
    () =>
      ageing.ages.map(({ from_days: from, to_days: to }) =>
        to === null
          ? t("dashboard.ageing.from", { from })
          : from === 0
            ? t("dashboard.ageing.upTo", { to: to + 1 })
            : t("dashboard.ageing.span", { from, to }),
      ),
    [ageing.ages, t],
  );
  const build = useMemo(() => columns(ageing.ages, names), [ageing.ages, names]);
  if (ageing.ages.every((age) => age.tickets.length === 0))
    return <NoChart title={title} why={t("dashboard.ageing.nothing")} />;
  const words = { count: ageing.old, days: ageing.old_days, before: ageing.before };
  const open = (of: readonly Age[]) => onOpen({ title, lasting: [...of].reverse().flatMap((age) => age.tickets) });
  return (
    <Chart
      title={title}
      answer={<p>{ageing.old ? t("dashboard.ageing.answer", words) : t("dashboard.ageing.none", words)}</p>}
      legend={
        <Key
          items={[
            { fill: "todo", name: t("status.TODO") },
            { fill: "progress", name: t("status.IN_PROGRESS") },
          ]}
        />
      }
      height={220}
      build={build}
      onPick={({ index }) => open(ageing.ages.slice(index, index + 1))}
      head={[t("dashboard.ageing.age"), t("status.TODO"), t("status.IN_PROGRESS")]}
      rows={ageing.ages.map((age, number) => ({
        name: names[number] ?? "",
        cells: [String(many(age, "TODO")), String(many(age, "IN_PROGRESS"))],
        onOpen: age.tickets.length ? () => open([age]) : undefined,
      }))}
      onBehind={() => open(ageing.ages)}
    />
  );
}
