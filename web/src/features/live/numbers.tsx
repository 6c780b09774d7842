"use client";

import { useTranslation } from "react-i18next";
import type { LiveNumbers } from "@/api/schema";
import { span } from "@/ui/time";
import { useWho } from "./use-who";
import "@/i18n/words/measures";

/** The meeting in numbers while it is held: who spoke last, what about, how long nothing was decided. */
export function Numbers({ numbers, startedAt }: { numbers: LiveNumbers; startedAt: string }) {
  const { t, i18n } = useTranslation();
  const who = useWho();
  const passed = Date.parse(numbers.at) - Date.parse(startedAt);
  const told: [string, string][] = [
    [t("measures.live.floor"), numbers.floor ? who(numbers.floor) : "–"],
    [t("measures.live.topic"), numbers.topic.length ? numbers.topic.join(", ") : "–"],
    [t("measures.live.questions"), String(numbers.questions)],
    [
      t("measures.live.decided"),
      numbers.decided_at_ms === null
        ? t("measures.live.undecided")
        : span(Math.max(0, passed - numbers.decided_at_ms), i18n.language),
    ],
    [t("measures.live.tickets"), `${numbers.created}, ${numbers.moved}`],
  ];
  if (numbers.interruptions !== null) told.push([t("measures.live.interruptions"), String(numbers.interruptions)]);
  return (
    <section aria-label={t("measures.live.title")} className="order-last mb-4 text-meta md:order-none">
      <h3 className="mb-1 font-medium text-quiet">{t("measures.live.title")}</h3>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1">
        {told.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-2 border-b border-line py-0.5">
            <dt className="text-quiet">{name}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
