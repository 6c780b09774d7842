"use client";

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "./said";

const KEPT = "vori.aloud";
const LINES = 5;

/** Whether this reader wants new lines announced; off until they say so. */
export function useAloud(): [boolean, (yes: boolean) => void] {
  const [aloud, setAloud] = useState(() => localStorage.getItem(KEPT) === "yes");
  return [
    aloud,
    (yes) => {
      localStorage.setItem(KEPT, yes ? "yes" : "no");
      setAloud(yes);
    },
  ];
}

/** What a screen reader announces: final lines alone, since words that may still change would be said twice. */
export function Aloud({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation();
  const final = lines.filter((line) => line.utterance).slice(-LINES);
  return (
    <div aria-live="polite" aria-relevant="additions" aria-label={t("said.aloud")} role="group" className="sr-only">
      {final.map((line) => (
        <p key={line.id}>
          {line.speaker ?? t("live.someone")}: {line.final}
        </p>
      ))}
    </div>
  );
}
