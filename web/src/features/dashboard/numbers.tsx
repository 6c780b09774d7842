"use client";

import { useTranslation } from "react-i18next";
import type { Dashboard, MeetingRef, TicketCount } from "@/api/schema";
import { span } from "@/ui/time";
import type { Behind } from "./evidence";

interface NumberProps {
  name: string;
  value: string;
  /** Against the days before: what it differs by, in words, and in which direction. */
  by: string;
  more: number;
  /** It is no count, so that there is less of it and not fewer. */
  measured?: boolean;
  why: readonly string[];
  onOpen: (() => void) | undefined;
}

function Figure({ name, value, by, more, measured, why, onOpen }: NumberProps) {
  const { t } = useTranslation();
  const change = t(`dashboard.${more > 0 ? "more" : more === 0 ? "same" : measured ? "less" : "fewer"}`, { by });
  const told = (
    <>
      <span className="block text-meta font-medium text-quiet">{name}</span>
      <span className="mt-1 block text-display font-semibold">{value}</span>
      <span className="mt-1 block text-meta">
        <span aria-hidden>{more > 0 ? "▲ " : more < 0 ? "▼ " : ""}</span>
        {change}
      </span>
      {why.map((each) => (
        <span key={each} className="mt-1 block text-meta text-quiet">
          {each}
        </span>
      ))}
    </>
  );
  const look = "rounded-card border-line bg-card h-full w-full border p-4 text-left align-top";
  return (
    <li className="last:col-span-2 lg:last:col-span-1">
      {onOpen ? (
        <button type="button" onClick={onOpen} className={`${look} flex flex-col hover:bg-sand`}>
          {told}
        </button>
      ) : (
        <div className={look}>{told}</div>
      )}
    </li>
  );
}

/** The five numbers, each with its change, why, and what is behind it. */
export function Numbers({ shown, onOpen }: { shown: Dashboard; onOpen: (behind: Behind) => void }) {
  const { t, i18n } = useTranslation();
  const time = (ms: number) => span(ms, i18n.language);
  const { meetings, recorded_ms: recorded, held } = shown;
  const longest = held.reduce<MeetingRef | undefined>(
    (most, each) => (each.recorded_ms > (most?.recorded_ms ?? 0) ? each : most),
    undefined,
  );
  const open = (title: string) => (held.length ? () => onOpen({ title, meetings: held }) : undefined);
  return (
    <ul className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <Figure
        name={t("dashboard.meetings")}
        value={String(meetings.value)}
        by={String(Math.abs(meetings.value - meetings.before))}
        more={meetings.value - meetings.before}
        why={recorded.value ? [t("dashboard.each", { time: time(recorded.value / meetings.value) })] : []}
        onOpen={open(t("dashboard.meetings"))}
      />
      <Figure
        name={t("dashboard.recorded")}
        value={time(recorded.value)}
        by={time(Math.abs(recorded.value - recorded.before))}
        more={recorded.value - recorded.before}
        measured
        why={[
          longest
            ? t("dashboard.longest", { title: longest.title, time: time(longest.recorded_ms) })
            : t("dashboard.noSound"),
        ]}
        onOpen={open(t("dashboard.recorded"))}
      />
      {(["opened", "moved", "done"] as const).map((name) => (
        <Tickets key={name} name={t(`dashboard.${name}`)} count={shown[name]} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function Tickets({ name, count, onOpen }: { name: string; count: TicketCount; onOpen: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const why = [
    count.value ? t("dashboard.byHand", { said: count.value - count.by_hand, hand: count.by_hand }) : null,
    count.most_title && count.most > 1 ? t("dashboard.most", { title: count.most_title, count: count.most }) : null,
  ].filter((each) => each !== null);
  return (
    <Figure
      name={name}
      value={String(count.value)}
      by={String(Math.abs(count.value - count.before))}
      more={count.value - count.before}
      why={why}
      onOpen={count.value ? () => onOpen({ title: name, events: count.events }) : undefined}
    />
  );
}
