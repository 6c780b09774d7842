"use client";

import { useTranslation } from "react-i18next";
import type { ChangeOut } from "@/api/schema";
import { Clip } from "./clip";
import "@/i18n/words/live";

const QUOTES = 2;

/** The last words that a change rests on, each with its sound. */
export function Quotes({
  change,
  most = QUOTES,
}: {
  change: Pick<ChangeOut, "evidence" | "meeting_id">;
  most?: number;
}) {
  const { t } = useTranslation();
  const { meeting_id: meetingId } = change;
  return (
    <ul className="mt-1 text-meta">
      {change.evidence.slice(-most).map((said) => (
        <li key={said.utterance_id}>
          {said.quote ? (
            <>
              <q className="text-quiet">{said.quote}</q> {meetingId && <Clip meetingId={meetingId} said={said} />}
            </>
          ) : (
            <span className="text-quiet">{t("live.struckQuote")}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
