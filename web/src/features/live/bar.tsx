"use client";

import { useMutation } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import Link from "next/link";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Following } from "@/api/follow";
import type { MeetingOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { useNow } from "@/ui/now";
import { clock, moment } from "@/ui/time";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { copied } from "./copy";
import { Microphone } from "./microphone-controls";
import { NoSound } from "@/ui/microphone";
import type { Sound } from "./use-sound";
import "@/i18n/words/live";
import "@/i18n/words/said";

/** What is happening, in one sentence, and what one can do about it. */
export function Bar({ meeting, following, sound }: { meeting: MeetingOut; following: Following; sound: Sound }) {
  const { t, i18n } = useTranslation();
  const live = meeting.status === "live";
  const now = useNow(live);
  const end = useMutation({
    mutationFn: async () => {
      await sound.stop();
      const path = { meeting_id: meeting.meeting_id };
      return data(api.POST("/api/meetings/{meeting_id}/end", { params: { path } }));
    },
  });
  const when = live ? clock(now - Date.parse(meeting.started_at)) : moment(meeting.started_at, i18n.language);
  return (
    <header className="border-b border-line pb-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="min-w-0 flex-1 truncate text-title font-semibold md:flex-initial">{meeting.title}</h1>
        <p
          className="order-1 flex min-w-0 basis-full items-center gap-2 text-meta text-quiet md:order-none md:flex-1 md:basis-0"
          role="status"
        >
          {live && <span aria-hidden className="size-2 shrink-0 rounded-full bg-danger" />}
          {when} · {sentence(meeting, following, sound, t)}
        </p>
        <Link href={`/minutes/?id=${meeting.meeting_id}`} className="font-medium text-accent underline">
          {t("live.minutes")}
        </Link>
        <CopyLink />
        {live && (
          <div className="order-2 flex flex-wrap items-center gap-2 md:order-none">
            <Microphone sound={sound} />
            <Button onClick={() => end.mutate()} disabled={end.isPending}>
              {t("live.end")}
            </Button>
          </div>
        )}
      </div>
      {sound.trouble !== null && (
        <p role="alert" className="mt-2 text-meta text-danger">
          {sound.trouble instanceof NoSound
            ? t(`live.${sound.trouble.why}`, { why: sound.trouble.message })
            : sound.trouble}
        </p>
      )}
      <Trouble error={end.error} />
    </header>
  );
}

function sentence(meeting: MeetingOut, { state, connection }: Following, sound: Sound, t: TFunction): string {
  if (meeting.status !== "live") return t(state.minutes?.state === "final" ? "live.ended" : "live.writing");
  if (sound.paused && sound.connected) return t("live.paused");
  if (connection === "lost" || ((sound.on || sound.paused || sound.heldS > 0) && !sound.connected))
    return t("live.held", { seconds: sound.heldS });
  const behind = Math.max(0, ...[...state.lags.values()].map((lag) => lag.behind_s));
  if (behind > 0) return t("live.behind", { seconds: Math.round(behind) });
  const streams = [...state.streams.values()].filter((stream) => stream.state !== "ended");
  const heard = streams.filter((stream) => stream.state === "listening");
  if (heard.length > 0) {
    const names = new Set(heard.map((stream) => stream.speaker ?? t("live.someone")));
    return t("live.listening", { who: [...names].join(", ") });
  }
  return t(streams.some((stream) => stream.state === "no_signal") ? "live.noSignal" : "live.waiting");
}

function CopyLink() {
  const { t } = useTranslation();
  const copy = async () => {
    const done = await copied(location.href);
    say(t(done ? "live.linkCopied" : "said.notCopied"));
  };
  return (
    <Button
      look="quiet"
      className="px-2"
      aria-label={t("live.link")}
      title={t("live.link")}
      onClick={() => void copy()}
    >
      <Link2 aria-hidden size={18} />
    </Button>
  );
}
