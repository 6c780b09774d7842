"use client";

import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Keywords, TopicOut, Topics as TopicsShown } from "@/api/schema";
import type { Open } from "./behind";
import { Card, Table } from "./card";
import { percent } from "./tell";
import "@/i18n/words/analytics";

type Going = "rising" | "falling" | "steady";
const ARROWS = { rising: ArrowUp, falling: ArrowDown, steady: ArrowRight } as const;
const MOST = 24;

function Way({ going }: { going: Going }) {
  const { t } = useTranslation();
  const Arrow = ARROWS[going];
  return (
    <span className="inline-flex items-center gap-1">
      <Arrow aria-hidden size={14} />
      {t(`analytics.topics.${going}`)}
    </span>
  );
}

/** Week by week, for those who see; the table has the shares. */
function Spark({ topic }: { topic: TopicOut }) {
  const most = Math.max(...topic.shares, 0.01);
  return (
    <span aria-hidden className="hidden h-5 items-end justify-end gap-0.5 md:flex">
      {topic.shares.slice(-12).map((share, n) => (
        <span key={n} style={{ height: `${Math.round((100 * share) / most)}%` }} className="min-h-px w-1.5 bg-todo" />
      ))}
    </span>
  );
}

export function Topics({ topics, keywords, onOpen }: { topics: TopicsShown; keywords: Keywords; onOpen: Open }) {
  const { t, i18n } = useTranslation();
  const title = t("analytics.topics.title");
  const told = (share: number | null) => (share === null ? "–" : percent(share, i18n.language));
  return (
    <Card title={title}>
      {topics.items.length === 0 && <p className="text-quiet">{t("analytics.topics.none")}</p>}
      {topics.items.length > 0 && (
        <Table
          title={title}
          head={[
            t("analytics.topics.topic"),
            t("analytics.topics.share"),
            t("analytics.before"),
            t("analytics.topics.trend"),
          ]}
          rows={topics.items.map((topic) => ({
            key: `${topic.language} ${topic.number}`,
            name: topic.label,
            cells: [
              told(topic.share),
              told(topic.before),
              <span key="trend" className="inline-flex items-center justify-end gap-3">
                <Spark topic={topic} />
                <Way going={topic.direction ?? "steady"} />
              </span>,
            ],
            onOpen: topic.meetings.length
              ? () => onOpen({ title: topic.label, meetings: topic.meetings.map((id) => ({ id })) })
              : undefined,
          }))}
        />
      )}
      {keywords.items.length > 0 && (
        <>
          <h3 className="mt-5 mb-2 text-meta font-medium text-quiet">{t("analytics.topics.keywords")}</h3>
          <ul className="flex flex-wrap gap-2">
            {keywords.items.slice(0, MOST).map((one) => (
              <li
                key={`${one.language} ${one.term}`}
                className="rounded-control border border-line px-2 py-1 text-meta"
              >
                <span className="font-medium">{one.term}</span> <span className="text-quiet">{one.count}</span>
                {one.direction && (
                  <span className="ml-1 text-quiet">
                    <Way going={one.direction} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
