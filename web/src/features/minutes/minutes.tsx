"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Editing, MinutesOut } from "@/api/schema";
import { useLive } from "@/ui/follow";
import { Trouble } from "@/ui/trouble";
import { Head } from "./head";
import { type Edit, EditableLine, NewLine } from "./line";
import { Missing, Paper, People, Section } from "./parts";
import { Tickets } from "./tickets";
import { Versions } from "./versions";

const SECTIONS = ["summary", "decisions", "questions", "blockers", "next_steps"] as const;

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
    <Paper title={minutes.title}>
      <Head minutes={minutes} />
      <Trouble error={edit.error} />
      <People people={minutes.participants} />
      <Missing uncapturedMs={uncaptured(minutes)} unheardMs={minutes.unheard_ms ?? 0} />
      {SECTIONS.map((section) => {
        const lines = minutes[section] ?? [];
        if (lines.length === 0 && !onEdit) return null;
        return (
          <div key={section}>
            {section === "questions" && <Tickets minutes={minutes} />}
            <Section title={t(`minutes.${section}`)} empty={lines.length === 0}>
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
    </Paper>
  );
}

/** Sound that never came in, where that is why the record isn't whole. */
function uncaptured(minutes: MinutesOut): number {
  if (minutes.outcome?.outcome !== "capture_failed") return 0;
  return minutes.outcome.streams
    .flatMap((stream) => stream.gaps)
    .filter((gap) => gap.cause !== "not_recognised")
    .reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
}
