"use client";

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PlaceOut, TimesOut, Workflow } from "@/api/schema";
import { day, span } from "@/ui/time";
import { Chart, NoChart } from "../chart";
import type { Colours, Option } from "../draw";
import type { Open } from "./behind";
import { Card, Table } from "./card";
import { columns } from "./columns";
import { Supported } from "./found";
import { percent } from "./tell";
import "@/i18n/words/analytics";

interface Props {
  work: Workflow;
  onOpen: Open;
}

const HUE = { TODO: "todo", IN_PROGRESS: "progress", DONE: "done" } as const;
const MOST = 10;

function useTimes(onOpen: Open) {
  const { i18n } = useTranslation();
  return {
    tell: (ms: number | null) => (ms === null ? "–" : span(ms, i18n.language)),
    open: (title: string, times: readonly TimesOut[]) =>
      onOpen({
        title,
        tickets: times.flatMap((one) =>
          one.tickets.map(({ ticket_id: id, ms }) => ({ id, value: span(ms, i18n.language) })),
        ),
      }),
  };
}

function lengths(places: readonly PlaceOut[], names: readonly string[], told: (ms: number) => string) {
  return (colours: Colours, room: number): Option => ({
    grid: { left: 8, right: 72, top: 4, bottom: 4 },
    xAxis: { type: "value", show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...names],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colours.ink, width: room < 500 ? 110 : 200, overflow: "truncate" },
    },
    series: [
      {
        type: "bar",
        barWidth: 16,
        data: places.map(({ status, times }) => ({
          value: times.mean_ms ?? 0,
          itemStyle: { color: colours[HUE[status]], borderRadius: 4 },
          label: { show: true, position: "right", color: colours.ink, formatter: () => told(times.mean_ms ?? 0) },
        })),
      },
    ],
  });
}

/** How long tickets are where: in each status, by label, held up by what. */
export function Stays({ work, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { tell, open } = useTimes(onOpen);
  const title = t("analytics.stays.title");
  const places = useMemo(
    () => [...work.statuses, ...work.reasons, ...work.labels].slice(0, MOST),
    [work.statuses, work.reasons, work.labels],
  );
  const names = useMemo(
    () =>
      places.map(({ status, label, reason }) => {
        const about = label ?? (reason === null ? null : t("analytics.stays.held", { reason }));
        return about === null ? t(`status.${status}`) : `${t(`status.${status}`)} · ${about}`;
      }),
    [places, t],
  );
  const { language } = i18n;
  const build = useMemo(() => lengths(places, names, (ms) => span(ms, language)), [places, names, language]);
  const most = work.statuses[0];
  if (!most) return <NoChart title={title} why={t("analytics.stays.none")} />;
  return (
    <Chart
      title={title}
      answer={
        <p>
          {t("analytics.stays.answer", {
            status: t(`status.${most.status}`),
            percent: percent(most.share, language).replace(" %", ""),
          })}
        </p>
      }
      height={places.length * 34}
      build={build}
      onPick={({ index }) =>
        open(
          names[index] ?? title,
          places.slice(index, index + 1).map((one) => one.times),
        )
      }
      head={["place", "mean", "median", "slow", "tickets"].map((name) =>
        t(`analytics.stays.${name as "place" | "mean" | "median" | "slow" | "tickets"}`),
      )}
      rows={places.map(({ times }, n) => ({
        name: names[n] ?? "",
        cells: [tell(times.mean_ms), tell(times.median_ms), tell(times.slow_ms), String(times.tickets.length)],
        onOpen: () => open(names[n] ?? title, [times]),
      }))}
      onBehind={() =>
        open(
          title,
          work.statuses.map((one) => one.times),
        )
      }
    />
  );
}

/** Where work waits, as far as the data supports it. */
export function Bottlenecks({ work, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <Card title={t("analytics.stays.bottleneck")}>
      {work.bottlenecks.length === 0 && <p className="text-quiet">{t("analytics.stays.noBottleneck")}</p>}
      <ul className="flex flex-col gap-4">
        {work.bottlenecks.map((row) => (
          <Supported key={row.key} row={row} onOpen={onOpen} />
        ))}
      </ul>
    </Card>
  );
}

/** Throughput week by week, and cycle time. */
export function Done({ work, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { tell, open } = useTimes(onOpen);
  const { language } = i18n;
  const title = t("analytics.done.title");
  const { cycle, throughput } = work;
  const names = useMemo(() => throughput.map((week) => day(week.week, language)), [throughput, language]);
  const build = useMemo(
    () => (colours: Colours) =>
      columns(colours, {
        names,
        fill: "done",
        widest: 48,
        values: throughput.map((week) => week.tickets.length),
        told: String,
        roomy: throughput.length < 20,
      }),
    [throughput, names],
  );
  const count = throughput.reduce((sum, week) => sum + week.tickets.length, 0);
  const done = (of: Workflow["throughput"]) =>
    onOpen({ title, tickets: of.flatMap((week) => week.tickets).map((id) => ({ id })) });
  return (
    <Chart
      title={title}
      answer={
        <>
          <p>{t("analytics.done.answer", { count, before: work.done_before })}</p>
          {cycle.median_ms !== null && (
            <p>
              <button type="button" className="text-left text-accent underline" onClick={() => open(title, [cycle])}>
                {t("analytics.done.cycle", { median: tell(cycle.median_ms), slow: tell(cycle.slow_ms) })}
              </button>
            </p>
          )}
        </>
      }
      height={180}
      build={build}
      onPick={({ index }) => done(throughput.slice(index, index + 1))}
      head={[t("analytics.done.week"), t("analytics.done.tickets")]}
      rows={throughput.map((week, n) => ({
        name: names[n] ?? "",
        cells: [String(week.tickets.length)],
        onOpen: week.tickets.length ? () => done([week]) : undefined,
      }))}
      onBehind={() => done(throughput)}
    />
  );
}

/** What stands still, what came back, what was open all along, and how statuses follow each other. */
export function Flow({ work, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const title = t("analytics.flow.title");
  const slow = work.ageing.filter((one) => one.slow);
  const { again, rate, before } = work.reopened;
  const open = (name: string, tickets: readonly { id: string; value?: string }[]) =>
    tickets.length ? () => onOpen({ title: name, tickets }) : undefined;
  const plain = (ids: readonly string[]) => ids.map((id) => ({ id }));
  const rated = (value: number | null) => (value === null ? "–" : percent(value, language));
  const rows = [
    {
      name: t("analytics.flow.slow"),
      cells: [String(slow.length), "–"],
      of: slow.map((one) => ({ id: one.ticket_id, value: span(one.ms, language) })),
    },
    { name: t("analytics.flow.reopened"), cells: [rated(rate), rated(before)], of: plain(again) },
    {
      name: t("analytics.flow.carried"),
      cells: [String(work.carried.tickets.length), String(work.carried.before)],
      of: plain(work.carried.tickets),
    },
    ...work.moves.map((move) => ({
      name: `${t(`status.${move.from_status}`)} → ${t(`status.${move.to_status}`)}`,
      cells: [String(move.tickets.length), String(move.before)],
      of: plain(move.tickets),
    })),
  ];
  return (
    <Card title={title}>
      <Table
        title={title}
        head={[t("analytics.name"), t("analytics.now"), t("analytics.before")]}
        rows={rows.map(({ name, cells, of }) => ({ key: name, name, cells, onOpen: open(name, of) }))}
      />
    </Card>
  );
}
