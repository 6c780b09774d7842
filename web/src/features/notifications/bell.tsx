"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell as Icon } from "lucide-react";
import dynamic from "next/dynamic";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { LiveDiff, NotificationOut } from "@/api/schema";
import { NAME, useKept } from "@/ui/kept";
import { onNews } from "@/ui/news";

const List = dynamic(() => import("./list"), { ssr: false });

/** Comments come by no socket, and some pages have none. */
const EVERY_MS = 30_000;
/** What comes together is asked for once. */
const SOON_MS = 1000;
const MOST = 99;
/** Pages that show by themselves that a ticket moved. */
const SHOWING: readonly string[] = ["/board/", "/tickets/", "/meeting/"];

/** How much that concerns the reader they haven't read, on every page; pressed, it lists all. */
export function Bell() {
  const { t } = useTranslation();
  const [kept] = useKept(NAME);
  const name = kept.trim();
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const { data: news } = useQuery({
    queryKey: ["notifications", name, "unread"],
    queryFn: () => data(api.GET("/api/notifications", { params: { query: { limit: 1 } } })),
    enabled: name !== "",
    refetchInterval: EVERY_MS,
    retry: false,
  });
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = onNews((diff) => {
      if (!tells(diff)) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => void client.invalidateQueries({ queryKey: ["notifications"] }), SOON_MS);
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, [client]);
  usePassing(news?.items);
  const unread = (name && news?.unread) || 0;
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="relative flex min-h-12 min-w-9 flex-col items-center justify-center gap-0.5 rounded-control text-meta font-medium md:w-full md:flex-row md:justify-start md:gap-3 md:px-3 md:text-body"
      >
        <Icon aria-hidden size={20} />
        <span className="sr-only md:not-sr-only">{t("bell.label")}</span>
        {unread > 0 && (
          <>
            <span
              aria-hidden
              className="absolute top-1 right-0 min-w-5 rounded-full bg-accent px-1 text-center text-meta font-semibold text-on-accent tabular-nums md:static md:ml-auto"
            >
              {unread > MOST ? `${MOST}+` : unread}
            </span>
            <span className="sr-only">{t("bell.unread", { count: unread })}</span>
          </>
        )}
      </button>
      {open && <List name={name} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Whether a change may concern somebody; drafts of minutes concern nobody yet. */
function tells(diff: LiveDiff): boolean {
  return diff.kind === "ticket" || diff.kind === "suggestion" || (diff.kind === "minutes" && diff.data.version > 0);
}

/** Say in passing that a ticket of the reader's has just moved, where the page doesn't show it. */
function usePassing(latest: readonly NotificationOut[] | undefined): void {
  const { t, i18n } = useTranslation();
  const here = usePathname();
  const router = useRouter();
  const known = useRef<number>(null);
  const pass = useEffectEvent(([news]: readonly NotificationOut[]) => {
    const at = news ? Date.parse(news.at) : 0;
    const isNew = known.current !== null && at > known.current;
    known.current = Math.max(known.current ?? 0, at);
    if (!news || !isNew || !news.unread || news.kind !== "moved" || SHOWING.includes(here)) return;
    void Promise.all([import("./sentence"), import("@/ui/toast")]).then(([{ sentence, whereTo }, { say }]) =>
      say(sentence(news, t, i18n.language), { label: t("notifications.open"), run: () => router.push(whereTo(news)) }),
    );
  });
  useEffect(() => {
    if (latest) pass(latest);
  }, [latest]);
}
