"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { MeetingShown, ScorePart } from "@/api/schema";
import { clock, span } from "@/ui/time";
import { useWho } from "./use-who";
import "@/i18n/words/measures";

const LOOK_MS = 15_000;
const PARTS = ["actionable", "decision_time", "participation"] as const;
/** What is behind the parts that words and tickets make. */
const PROOFS: Record<string, readonly string[]> = {
  actionable: ["actionable"],
  decision_time: ["mentions", "decisions"],
};
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
  const worth = ({ value, missing }: ScorePart) => {
    const reason = REASONS.find((each) => each === missing) ?? "other";
    return value === null ? t(`measures.missing.${reason}`) : String(Math.round(value));
  };
  const behind = (names: readonly string[]) => {
    const ids = names.flatMap((name) => meeting.behind[name] ?? []);
    return ids.length ? <Behind shown={shown} ids={ids} /> : null;
  };
  return (
    <section aria-label={t("measures.live.title")} className="order-last mb-4 text-meta md:order-none">
      <h3 className="mb-1 font-medium text-quiet">{t("measures.live.title")}</h3>
      <p className="flex justify-between py-0.5 font-medium">
        <span>{t("measures.name.score")}</span>
        <span>{score.value === null ? "–" : Math.round(score.value)}</span>
      </p>
      <ul className="mb-2">
        {PARTS.map((part) => (
          <Line key={part} name={t(`measures.name.${part}_part`)} value={worth(score[part])}>
            {part === "participation" ? <Voices shown={shown} /> : behind(PROOFS[part] ?? [])}
          </Line>
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
              {behind([name])}
            </Line>
          );
        })}
      </ul>
    </section>
  );
}

/** How much each spoke. */
function Voices({ shown }: { shown: MeetingShown }) {
  const who = useWho();
  return (
    <ul className="px-4 pb-2">
      {shown.speakers.map((voice) => (
        <li key={voice.key} className="flex justify-between py-0.5">
          <span>{who(voice.who)}</span>
          <span>{Math.round(100 * voice.share)} %</span>
        </li>
      ))}
    </ul>
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
