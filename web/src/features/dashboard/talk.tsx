"use client";

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Dashboard, MeetingRef } from "@/api/schema";
import { hue, initials } from "@/ui/speaker";
import { Chart, NoChart } from "./chart";
import type { Colours, Option } from "./draw";
import type { Behind } from "./evidence";

const LATEST = 8;
const ROW_PX = 44;
const AXIS_PX = { wide: 150, narrow: 84 } as const;
const NARROW_PX = 500;

/** About how wide words are, in px, with a little air. */
function width(words: string): number {
  return Array.from(words).reduce((sum, letter) => sum + (letter > "\u1100" ? 13 : 8), 10);
}

/** As much as fits on a bar: name and percent, the name, its initials, nothing. */
function fitting(name: string | null, someone: string, percent: number, px: number): string {
  const full = name ?? someone;
  return [`${full} ${percent} %`, full, initials(name), ""].find((words) => width(words) <= px) ?? "";
}

/** Bars end to end, one for each voice of a meeting, the loudest first. */
function bars(meetings: readonly MeetingRef[], someone: string) {
  const most = Math.max(...meetings.map((meeting) => meeting.talk.length));
  return (colours: Colours, room: number): Option => {
    const axis = room < NARROW_PX ? AXIS_PX.narrow : AXIS_PX.wide;
    return {
      grid: { left: 8, right: 8, top: 4, bottom: 4 },
      xAxis: { type: "value", max: 100, show: false },
      yAxis: {
        type: "category",
        inverse: true,
        data: meetings.map((meeting) => meeting.title),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: colours.ink, width: axis, overflow: "truncate" },
      },
      series: Array.from({ length: most }, (_, rank) => ({
        type: "bar" as const,
        stack: "talk",
        barWidth: 24,
        itemStyle: { borderColor: colours.card, borderWidth: 1 },
        data: meetings.map(({ talk }) => {
          const voice = talk[rank];
          const name = voice?.name ?? null;
          const percent = voice?.percent ?? 0;
          const told = fitting(name, someone, percent, ((room - axis - 32) * percent) / 100);
          return {
            value: percent,
            itemStyle: { color: hue(name) },
            label: { show: told !== "", formatter: () => told, color: "#fff" },
          };
        }),
      })),
    };
  };
}

export function Talk({ shown, onOpen }: { shown: Dashboard; onOpen: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const title = t("dashboard.talk.title");
  const someone = t("live.someone");
  const meetings = useMemo(() => shown.held.filter((each) => each.talk.length > 0), [shown.held]);
  const latest = useMemo(() => meetings.slice(0, LATEST), [meetings]);
  const build = useMemo(() => bars(latest, someone), [latest, someone]);
  if (latest.length === 0) return <NoChart title={title} why={t("dashboard.talk.none")} />;
  const [now, before] = [shown.talk_top, shown.talk_top_before];
  const answer =
    now === null
      ? t("dashboard.talk.alone")
      : before === null
        ? t("dashboard.talk.answer", { now })
        : t("dashboard.talk.change", { now, before });
  const open = (of: readonly MeetingRef[]) => onOpen({ title, meetings: of });
  return (
    <Chart
      title={title}
      answer={
        <>
          <p>{answer}</p>
          {meetings.length > LATEST && (
            <p className="text-meta">{t("dashboard.talk.latest", { count: latest.length })}</p>
          )}
        </>
      }
      height={latest.length * ROW_PX}
      build={build}
      onPick={({ index }) => open(latest.slice(index, index + 1))}
      head={[t("dashboard.talk.meeting"), t("dashboard.talk.who")]}
      rows={latest.map((meeting) => ({
        name: meeting.title,
        cells: [meeting.talk.map((voice) => `${voice.name ?? someone} ${voice.percent} %`).join(", ")],
        onOpen: () => open([meeting]),
      }))}
      onBehind={() => open(meetings)}
    />
  );
}
