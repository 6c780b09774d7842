"use client";

import { useTranslation } from "react-i18next";
import type { Anomalies as AnomaliesShown, InsightRow, Insights as InsightsShown } from "@/api/schema";
import type { Open } from "./behind";
import { Card, Opens } from "./card";
import { size } from "./tell";
import "@/i18n/words/analytics";

/** What the data supports: a sentence, how sure that is, what is behind it and what to try. */
export function Supported({ row, onOpen }: { row: InsightRow; onOpen: Open }) {
  const { t, i18n } = useTranslation();
  const korean = i18n.language === "ko";
  const sentence = korean ? row.sentence_ko : row.sentence_en;
  const advice = korean ? row.try_ko : row.try_en;
  const told = (value: number) => size(row.unit, value, i18n.language);
  return (
    <li>
      <p className="font-medium">{sentence}</p>
      <p className="text-meta text-quiet">
        {row.others
          ? t("analytics.insights.n", { n: row.n, others: row.others })
          : t("analytics.insights.alone", { n: row.n })}
        {" · "}
        {t("analytics.insights.interval", { low: told(row.low), high: told(row.high), tried: row.tried })}
      </p>
      {advice && (
        <p className="mt-1">
          <span className="text-quiet">{t("analytics.insights.try")}:</span> {advice}
        </p>
      )}
      {row.meetings.length + row.tickets.length > 0 && (
        <p className="mt-1 text-meta">
          <Opens
            onOpen={() =>
              onOpen({
                title: sentence,
                meetings: row.meetings.map((id) => ({ id })),
                tickets: row.tickets.map((id) => ({ id })),
              })
            }
          >
            {t("analytics.insights.behind")}
            <span className="sr-only">: {sentence}</span>
          </Opens>
        </p>
      )}
    </li>
  );
}

export function Insights({ found, onOpen }: { found: InsightsShown; onOpen: Open }) {
  const { t } = useTranslation();
  return (
    <Card title={t("analytics.insights.title")}>
      {found.items.length === 0 && <p className="text-quiet">{t("analytics.insights.none")}</p>}
      <ul className="flex flex-col gap-4">
        {found.items.map((row) => (
          <Supported key={row.key} row={row} onOpen={onOpen} />
        ))}
      </ul>
    </Card>
  );
}

export function Anomalies({ found, onOpen }: { found: AnomaliesShown; onOpen: Open }) {
  const { t, i18n } = useTranslation();
  return (
    <Card title={t("analytics.anomalies.title")}>
      {found.items.length === 0 && <p className="text-quiet">{t("analytics.anomalies.none")}</p>}
      <ul className="flex flex-col gap-2">
        {found.items.map((row) => {
          const sentence = i18n.language === "ko" ? row.sentence_ko : row.sentence_en;
          return (
            <li key={row.key}>
              <Opens onOpen={() => onOpen({ title: sentence, meetings: row.meetings.map((id) => ({ id })) })}>
                {sentence}
              </Opens>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
