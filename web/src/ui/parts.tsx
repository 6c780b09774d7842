"use client";

import { useTranslation } from "react-i18next";
import type { Part } from "@/api/schema";
import { useHealth } from "./health";
import "@/i18n/words/welcome";

/** What people know of, and the parts of VORI that it takes. */
const WORKS = {
  keeping: ["database", "archive", "streams", "relay"],
  live: ["live feed"],
  words: ["transcript"],
  tickets: ["tickets"],
  minutes: ["minutes"],
} as const;
type Work = keyof typeof WORKS;

interface Standing {
  work: Work;
  status: Part["status"];
  detail: string;
}

const WORST: readonly Part["status"][] = ["failed", "starting", "off", "ok"];

function standings(parts: readonly Part[]): Standing[] {
  return (Object.keys(WORKS) as Work[]).flatMap((work) => {
    const mine = parts.filter((part) => (WORKS[work] as readonly string[]).includes(part.name));
    const status = WORST.find((each) => mine.some((part) => part.status === each));
    if (!status) return [];
    const why = mine.filter((part) => part.status === "failed").map((part) => part.detail);
    return [{ work, status, detail: why.filter(Boolean).join(" ") }];
  });
}

const TINTS: Record<Part["status"], string> = {
  ok: "bg-done",
  starting: "bg-progress",
  off: "bg-line",
  failed: "bg-danger",
};

/** Each of VORI's works: ready, or what is missing and why. */
export function Parts() {
  const { t } = useTranslation();
  const { data } = useHealth();
  if (!data) return null;
  return (
    <ul className="flex flex-col gap-2">
      {standings(data.parts).map(({ work, status, detail }) => (
        <li key={work} className="flex gap-3">
          <span aria-hidden className={`mt-2 size-2 shrink-0 rounded-full ${TINTS[status]}`} />
          <span>
            <span className="font-medium">{t(`parts.${work}`)}</span>{" "}
            <span className="text-quiet">{t(`parts.is.${status}`)}</span>
            {status !== "ok" && (
              <span className="block text-meta text-quiet">
                {status === "failed" && detail ? detail : t(`parts.why.${work}`)}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One line while something isn't ready; nothing otherwise. */
export function PartsLine() {
  const { t } = useTranslation();
  const { data } = useHealth();
  if (!data || data.status === "ok") return null;
  const missing = standings(data.parts).filter((standing) => standing.status !== "ok");
  const failed = missing.some((standing) => standing.status === "failed");
  const what = missing.map((standing) => t(`parts.${standing.work}`)).join(", ");
  return (
    <p aria-live="polite" className="mb-4 flex items-center gap-2 text-meta text-quiet">
      <span aria-hidden className={`size-2 shrink-0 rounded-full ${failed ? TINTS.failed : TINTS.starting}`} />
      {t(failed ? "parts.failed" : "parts.starting", { what })}
    </p>
  );
}
