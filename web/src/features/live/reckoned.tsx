"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { MeetingShown, ScorePart } from "@/api/schema";
import { clock, span } from "@/ui/time";
import "@/i18n/words/measures";

const LOOK_MS = 15_000;
const PARTS = ["actionable", "decision_time", "participation"] as const;
const REASONS = ["few_speakers", "few_words", "short", "no_decision", "no_mention", "no_talk"] as const;
const COUNTS = [
  "questions",
  "decisions",
  "interruptions",
  "monologues",
  "created",
  "actionable",
  "blockers",
  "carried",
] as const;

/** An ended meeting in numbers, each with the words or tickets behind it; nothing until analytics has looked at it. */
export function Reckoned({ meetingId }: { meetingId: string }) {
  const { data: shown } = useQuery({
    queryKey: ["analytics", "meeting", meetingId],
    queryFn: async () => {
      const params = { params: { path: { meeting_id: meetingId } } };
      return (await api.GET("/api/analytics/meetings/{meeting_id}", params)).data ?? null;
    },
    refetchInterval: ({ state }) => (state.data ? false : LOOK_MS),
  });
  return shown ? <Told shown={shown} /> : null;
}

function Told({ shown }: { shown: MeetingShown }) {
  const { t, i18n } = useTranslation();
  const { meeting } = shown;
  const { score } = meeting;
  return (
    <section aria-label={t("measures.live.title")} className="order-last mb-4 text-meta md:order-none">
      <h3 className="mb-1 font-medium text-quiet">{t("measures.live.title")}</h3>
      <p className="flex justify-between py-0.5 font-medium">
        <span>{t("measures.name.score")}</span>
        <span>{score.value === null ? "–" : Math.round(score.value)}</span>
      </p>
      <ul className="mb-2 pl-5.5">
        {PARTS.map((part) => (
          <Part key={part} name={t(`measures.name.${part}_part`)} part={score[part]} />
        ))}
      </ul>
      <ul>
        <Line name={t("measures.name.silence")} value={span(meeting.silence_ms, i18n.language)} />
        {meeting.late_ms !== null && (
          <Line name={t("measures.live.late")} value={span(Math.max(0, meeting.late_ms), i18n.language)} />
        )}
        {COUNTS.map((name) => {
          const value = meeting[name];
          if (value === null) return null;
          const answered =
            name === "questions" && value > 0 ? ` (${t("measures.live.answered", { count: meeting.answered })})` : "";
          return (
            <Line key={name} name={t(`measures.live.counts.${name}`)} value={`${value}${answered}`}>
              <Behind shown={shown} ids={meeting.behind[name] ?? []} />
            </Line>
          );
        })}
      </ul>
    </section>
  );
}

function Part({ name, part }: { name: string; part: ScorePart }) {
  const { t } = useTranslation();
  const reason = REASONS.find((each) => each === part.missing) ?? "other";
  return (
    <li className="flex justify-between gap-2 border-b border-line py-0.5">
      <span className="text-quiet">{name}</span>
      <span className="text-right">
        {part.value === null ? t(`measures.missing.${reason}`) : Math.round(part.value)}
      </span>
    </li>
  );
}

function Line({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  const look = "flex gap-2 py-0.5";
  const told = (
    <>
      <span className="flex-1 text-quiet">{name}</span>
      <span>{value}</span>
    </>
  );
  return (
    <li className="border-b border-line">
      {children && value !== "0" ? (
        <details className="group">
          <summary className={`${look} cursor-pointer items-center rounded-sm hover:bg-sand`}>
            <ChevronRight aria-hidden size={14} className="shrink-0 text-quiet group-open:rotate-90" />
            {told}
          </summary>
          {children}
        </details>
      ) : (
        <span className={`${look} pl-5.5`}>{told}</span>
      )}
    </li>
  );
}

function Behind({ shown, ids }: { shown: MeetingShown; ids: readonly string[] }) {
  const quotes = shown.quotes.filter((quote) => ids.includes(quote.utterance_id));
  const tickets = shown.tickets.filter((ticket) => ids.includes(ticket.ticket_id));
  const look = "block rounded-control px-4 py-1 hover:bg-sand";
  return (
    <ul className="pb-2">
      {quotes.map((quote) => (
        <li key={quote.utterance_id}>
          <Link href={`/meeting/?id=${shown.meeting.meeting_id}&at=${quote.start_ms}`} className={look}>
            <span className="text-quiet">{clock(quote.start_ms)}</span> {quote.text}
          </Link>
        </li>
      ))}
      {tickets.map((ticket) => (
        <li key={ticket.ticket_id}>
          <Link href={`/board/?ticket=${ticket.ticket_id}`} className={look}>
            {ticket.title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
