"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";
import type { MinutesOut } from "@/api/schema";
import { Proofs } from "./line";
import { Margin, Section } from "./parts";
import { flat, useWords } from "./words";

/** What the meeting did to tickets. */
export function Tickets({ minutes }: { minutes: MinutesOut }) {
  const { t } = useTranslation();
  const words = useWords();
  const lines = minutes.tickets ?? [];
  const meetingId = minutes.meeting_id;
  return (
    <Section title={t("nav.tickets")} empty={lines.length === 0}>
      {lines.length === 0 && <p className="text-quiet">{t("minutes.nothing")}</p>}
      <ul className="flex flex-col gap-3">
        {lines.map((line) => (
          <li key={line.id} className="relative">
            <p>
              <Link href={`/board/?ticket=${line.ticket.ticket_id}`} className="font-semibold hover:underline">
                {line.ticket.key} {line.ticket.title}
              </Link>{" "}
              · {words.news(flat(line))}
            </p>
            <Margin meetingId={meetingId} at={(line.evidence ?? []).map((said) => said.start_ms)} />
            <Proofs meetingId={meetingId} evidence={line.evidence ?? []} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
