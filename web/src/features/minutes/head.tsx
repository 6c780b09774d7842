"use client";

import { Copy, Printer, Share2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MinutesOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { clock, moment } from "@/ui/time";
import { say } from "@/ui/toast";
import { Share } from "./share";
import { asText } from "./text";
import { flat, useWords } from "./words";

const FORMS = { md: "Markdown", docx: "Word", pdf: "PDF", json: "JSON" } as const;
const ORDER = ["summary", "decisions", "tickets", "questions", "blockers", "next_steps"] as const;

/** What the minutes are of, and what one can do with them. */
export function Head({ minutes }: { minutes: MinutesOut }) {
  const { t, i18n } = useTranslation();
  const draft = minutes.state === "draft";
  const under = [
    moment(minutes.started_at, i18n.language),
    clock(minutes.duration_ms),
    ...(draft ? [t("minutes.draft")] : []),
    ...(minutes.rehearsal ? [t("meetings.rehearsal")] : []),
  ].join(" · ");
  return (
    <header>
      <p className="text-meta print:hidden">
        <Link href={`/meeting/?id=${minutes.meeting_id}`} className="text-accent underline">
          {t("minutes.back")}
        </Link>
      </p>
      <h1 className="mt-2 text-display font-semibold">{minutes.title}</h1>
      <p className="text-meta text-quiet">{under}</p>
      <Deeds minutes={minutes} under={under} draft={draft} />
    </header>
  );
}

function Deeds({ minutes, under, draft }: { minutes: MinutesOut; under: string; draft: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const [sharing, setSharing] = useState(false);
  const address = (form: string) =>
    `/api/meetings/${minutes.meeting_id}/minutes?format=${form}${draft ? "&draft=true" : ""}`;
  const copy = () => {
    const parts = ORDER.map((section) =>
      section === "tickets"
        ? {
            title: t("nav.tickets"),
            lines: (minutes.tickets ?? []).map((line) => ({
              text: `${line.ticket.key} ${line.ticket.title} · ${words.news(flat(line))}`,
              at: line.evidence?.[0]?.start_ms,
            })),
          }
        : {
            title: t(`minutes.${section}`),
            lines: (minutes[section] ?? []).map((line) => ({
              text: words.line(line),
              at: line.evidence?.[0]?.start_ms,
            })),
          },
    );
    navigator.clipboard.writeText(asText(minutes.title, under, parts)).then(
      () => say(t("minutes.copied")),
      () => say(t("minutes.notCopied")),
    );
  };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 text-meta print:hidden">
      {!draft && (
        <Button className="min-h-9 px-3" onClick={() => setSharing(true)}>
          <Share2 aria-hidden size={16} />
          {t("share.button")}
        </Button>
      )}
      <Button className="min-h-9 px-3" onClick={copy}>
        <Copy aria-hidden size={16} />
        {t("minutes.copy")}
      </Button>
      <Button className="min-h-9 px-3" onClick={() => window.print()}>
        <Printer aria-hidden size={16} />
        {t("minutes.print")}
      </Button>
      <p className="flex flex-wrap gap-3">
        <span className="text-quiet">{t("minutes.export")}</span>
        {Object.entries(FORMS).map(([form, name]) => (
          <a key={form} href={address(form)} download className="text-accent underline">
            {name}
          </a>
        ))}
      </p>
      {!draft && <Share meetingId={minutes.meeting_id} open={sharing} onClose={() => setSharing(false)} />}
    </div>
  );
}
