"use client";

import { useTranslation } from "react-i18next";
import { Card } from "./card";
import "@/i18n/words/analytics";

const LISTS = ["team", "workflow", "topics", "keywords", "insights", "anomalies"] as const;
const WEEK_MS = 7 * 86_400_000;

/** Each list as a file, and the week as a document. */
export function Take({ first, last }: { first: string; last: string }) {
  const { t, i18n } = useTranslation();
  const week = (at: string) => `/api/analytics/week?day=${at}&language=${i18n.language}`;
  const earlier = new Date(Date.parse(last) - WEEK_MS).toISOString().slice(0, 10);
  const link = (href: string, name: string) => (
    <a href={href} download className="text-accent underline">
      {name}
    </a>
  );
  return (
    <Card title={t("analytics.export.title")}>
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        <li>{link(week(last), t("analytics.export.week"))}</li>
        <li>{link(week(earlier), t("analytics.export.lastWeek"))}</li>
        {LISTS.map((list) => (
          <li key={list}>
            {link(
              `/api/analytics/${list}?from=${first}&to=${last}&format=csv`,
              t("analytics.export.csv", { name: t(`analytics.export.${list}`) }),
            )}{" "}
            {link(`/api/analytics/${list}?from=${first}&to=${last}&format=json`, "JSON")}
          </li>
        ))}
      </ul>
    </Card>
  );
}
