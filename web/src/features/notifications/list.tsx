"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { NotificationOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Quotes } from "@/ui/quotes";
import { moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import { sentence, whereTo } from "./sentence";
import "@/i18n/words/notifications";

interface ListProps {
  /** Whose; empty: nobody said. */
  name: string;
  onClose: () => void;
}

/** What concerns the reader, the newest first. What they have before their eyes counts as read from then on. */
export default function List({ name, onClose }: ListProps) {
  const { t } = useTranslation();
  return (
    <Panel open onClose={onClose} place="menu" title={t("bell.label")}>
      {name ? (
        <Told name={name} onClose={onClose} />
      ) : (
        <p className="text-quiet">
          {t("notifications.nobody")}{" "}
          <Link href="/settings/" onClick={onClose} className="text-accent underline">
            {t("notifications.nobodyHow")}
          </Link>
        </p>
      )}
    </Panel>
  );
}

function Told({ name, onClose }: ListProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ["notifications", name, "list"],
    queryFn: ({ pageParam: cursor }) => data(api.GET("/api/notifications", { params: { query: { cursor } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const { mutate: mark, error } = useMutation({
    mutationFn: (until: string) => data(api.POST("/api/notifications/read", { body: { until } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications", name, "unread"] }),
  });
  const first = list.data?.pages[0];
  const newest = first?.items[0]?.at;
  const isUnread = Boolean(first?.unread);
  useEffect(() => {
    if (newest && isUnread) mark(newest);
  }, [newest, isUnread, mark]);
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Trouble error={list.error ?? error} />
      {list.isSuccess && all.length === 0 && <p className="text-quiet">{t("notifications.none")}</p>}
      {newest && all.some((news) => news.unread) && (
        <Button className="mb-3" onClick={() => mark(newest, { onSuccess: () => void list.refetch() })}>
          {t("notifications.allRead")}
        </Button>
      )}
      <ul className="flex flex-col gap-1">
        {all.map((news) => (
          <Entry key={`${news.kind} ${news.id}`} news={news} onClose={onClose} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="mt-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("notifications.earlier")}
        </Button>
      )}
    </>
  );
}

function Entry({ news, onClose }: { news: NotificationOut; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="border-b border-line py-2 last:border-b-0">
      <Link href={whereTo(news)} onClick={onClose} className="flex gap-2 rounded-control p-1 hover:bg-sand">
        <span
          aria-hidden
          className={`mt-2 size-2 shrink-0 rounded-full ${news.unread ? "bg-accent" : "bg-transparent"}`}
        />
        <span className={`min-w-0 break-words ${news.unread ? "font-medium" : ""}`}>
          {news.unread && <span className="sr-only">{t("notifications.isUnread")}: </span>}
          <span className="line-clamp-4">{sentence(news, t, i18n.language)}</span>
          <time dateTime={news.at} className="block text-meta font-normal text-quiet">
            {moment(news.at, i18n.language)}
          </time>
        </span>
      </Link>
      <div className="pl-5">
        <Quotes change={{ evidence: news.evidence, meeting_id: news.meeting?.id ?? null }} />
      </div>
    </li>
  );
}
