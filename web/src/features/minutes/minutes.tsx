"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Editing, MinutesOut, TicketLine } from "@/api/schema";
import { useLive } from "@/ui/follow";
import { clock, day, moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import { type Edit, EditableLine, NewLine, Proofs } from "./line";
import { Versions } from "./versions";

const SECTIONS = ["summary", "decisions", "questions", "blockers", "next_steps"] as const;
const FORMS = { md: "Markdown", docx: "Word", pdf: "PDF", json: "JSON" } as const;

/** The record of a meeting: a draft while it runs, then the final one, which people may edit. */
export function Minutes({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation();
  const { state, refused } = useLive(meetingId);
  const edit = useMutation({
    mutationFn: ({ operation, version }: { operation: Edit; version: number }) => {
      const params = { path: { meeting_id: meetingId }, header: { "if-match": `"${version}"` } };
      const body: Editing = { operations: [operation] };
      return data(api.PATCH("/api/meetings/{meeting_id}/minutes", { params, body }));
    },
  });
  if (refused)
    return (
      <p role="alert" className="py-24 text-center">
        {refused.detail}
      </p>
    );
  const { meeting, minutes } = state;
  if (!meeting) return null;
  if (!minutes)
    return (
      <article className="mx-auto max-w-[68ch]">
        <h1 className="text-display font-semibold">{meeting.title}</h1>
        <p className="py-16 text-quiet">{t("minutes.none")}</p>
      </article>
    );
  const onEdit =
    minutes.state === "final" ? (operation: Edit) => edit.mutate({ operation, version: minutes.version }) : null;
  return (
    <article className="mx-auto max-w-[68ch]">
      <Head minutes={minutes} />
      <Trouble error={edit.error} />
      <Section title={t("minutes.participants")}>
        <ul>
          {minutes.participants.map((person) => (
            <li key={`${person.name} ${person.stream} ${person.voice}`} className="flex justify-between">
              <span>{person.name ?? t("live.someone")}</span>
              <span className="text-quiet">
                {clock(person.talk_ms)} · {person.percent ?? 0} %
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Missing minutes={minutes} />
      {SECTIONS.map((section) => {
        const lines = minutes[section] ?? [];
        if (lines.length === 0 && !onEdit) return null;
        return (
          <div key={section}>
            {section === "questions" && <Tickets minutes={minutes} />}
            <Section title={t(`minutes.${section}`)}>
              <ul className="flex flex-col gap-2">
                {lines.map((line) => (
                  <EditableLine key={line.id} meetingId={meetingId} line={line} onEdit={onEdit} />
                ))}
              </ul>
              {lines.length === 0 && <p className="text-quiet">{t("minutes.nothing")}</p>}
              {onEdit && <NewLine section={section} onEdit={onEdit} />}
            </Section>
          </div>
        );
      })}
      {minutes.state === "final" && <Versions meetingId={meetingId} current={minutes.version} />}
    </article>
  );
}

function Head({ minutes }: { minutes: MinutesOut }) {
  const { t, i18n } = useTranslation();
  const draft = minutes.state === "draft";
  const address = (form: string) =>
    `/api/meetings/${minutes.meeting_id}/minutes?format=${form}${draft ? "&draft=true" : ""}`;
  return (
    <header>
      <p className="text-meta">
        <Link href={`/meeting/?id=${minutes.meeting_id}`} className="text-accent underline">
          {t("minutes.back")}
        </Link>
      </p>
      <h1 className="mt-2 text-display font-semibold">{minutes.title}</h1>
      <p className="text-meta text-quiet">
        {[
          moment(minutes.started_at, i18n.language),
          clock(minutes.duration_ms),
          ...(draft ? [t("minutes.draft")] : []),
          ...(minutes.rehearsal ? [t("meetings.rehearsal")] : []),
        ].join(" · ")}
      </p>
      <p className="mt-2 flex flex-wrap gap-3 text-meta">
        {Object.entries(FORMS).map(([form, name]) => (
          <a key={form} href={address(form)} download className="text-accent underline">
            {name}
          </a>
        ))}
      </p>
    </header>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="mb-2 text-title font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** What was never captured or recognised: said first, so that nobody takes the rest for all. */
function Missing({ minutes }: { minutes: MinutesOut }) {
  const { t } = useTranslation();
  const lost = (minutes.outcome?.streams ?? [])
    .flatMap((stream) => stream.gaps)
    .filter((gap) => gap.cause !== "not_recognised")
    .reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
  const unheard = minutes.unheard_ms ?? 0;
  if (minutes.outcome?.outcome !== "capture_failed" && unheard === 0) return null;
  return (
    <ul className="mt-6 rounded-card border border-danger p-3 text-danger">
      {minutes.outcome?.outcome === "capture_failed" && (
        <li>{t("minutes.uncaptured", { seconds: Math.ceil(lost / 1000) })}</li>
      )}
      {unheard > 0 && <li>{t("minutes.unheard", { seconds: Math.ceil(unheard / 1000) })}</li>}
    </ul>
  );
}

function Tickets({ minutes }: { minutes: MinutesOut }) {
  const { t, i18n } = useTranslation();
  const lines = minutes.tickets ?? [];
  const news = (line: TicketLine) =>
    line.from_status
      ? `${t(`status.${line.from_status}`)} → ${t(`status.${line.ticket.status}`)}`
      : t(`minutes.news.${line.news}`);
  return (
    <Section title={t("nav.tickets")}>
      {lines.length === 0 && <p className="text-quiet">{t("minutes.nothing")}</p>}
      <ul className="flex flex-col gap-3">
        {lines.map((line) => (
          <li key={line.id}>
            <p>
              <b className="font-semibold">
                {line.ticket.key} {line.ticket.title}
              </b>{" "}
              · {news(line)}
              {line.ticket.assignee && ` · ${line.ticket.assignee}`}
              {line.ticket.due && ` · ${t("board.due", { day: day(line.ticket.due, i18n.language) })}`}
            </p>
            <Proofs meetingId={minutes.meeting_id} evidence={line.evidence ?? []} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
