"use client";

import { useTranslation } from "react-i18next";
import type { Line } from "./said";

interface Share {
  name: string;
  percent: number;
}

/** How much of all that was said each said, in percent of its time; those who said most first. */
export function shares(lines: readonly Line[], nameOf: (line: Line) => string): Share[] {
  const spoken = new Map<string, number>();
  for (const line of lines)
    if (line.utterance) spoken.set(nameOf(line), (spoken.get(nameOf(line)) ?? 0) + line.endMs - line.startMs);
  const total = [...spoken.values()].reduce((sum, ms) => sum + ms, 0);
  return [...spoken]
    .sort(([, one], [, other]) => other - one)
    .map(([name, ms]) => ({ name, percent: total ? Math.round((100 * ms) / total) : 0 }));
}

/** Who spoke how much, once two have spoken. */
export function TalkShares({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation();
  const found = shares(
    lines,
    ({ speaker, voice }) => speaker ?? (voice === null ? t("live.someone") : t("live.voice", { number: voice })),
  );
  if (found.length < 2) return null;
  return (
    <section aria-label={t("live.shares")} className="order-last mb-3 md:order-none">
      <h3 className="mb-1 text-meta font-medium text-quiet">{t("live.shares")}</h3>
      <ul className="flex flex-col gap-1 text-meta">
        {found.map(({ name, percent }) => (
          <li key={name} className="flex items-center gap-2">
            <span className="w-28 truncate">{name}</span>
            <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-sand">
              <span style={{ width: `${percent}%` }} className="block h-full bg-quiet" />
            </span>
            <span className="w-10 text-right">{percent} %</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
