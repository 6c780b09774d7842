"use client";

import { Pause, Play } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence } from "@/api/schema";
import { clock } from "./time";
import { type Silence, whySilent } from "./why-silent";

interface Playing {
  key: string;
  sound: HTMLAudioElement;
}

let playing: Playing | null = null;
const watchers = new Set<() => void>();

function now(next: Playing | null): void {
  playing = next;
  watchers.forEach((told) => told());
}

/** Be told when a clip begins or ends. */
export function watch(told: () => void): () => void {
  watchers.add(told);
  return () => watchers.delete(told);
}

/** Whether a clip plays just now. */
export const clipPlays = (): boolean => playing !== null;

/** Stop the clip that plays, because something else begins to. */
export function hush(): void {
  playing?.sound.pause();
  if (playing) now(null);
}

interface Wanted {
  key: string;
  meetingId: string;
  said: Pick<Evidence, "start_ms" | "end_ms">;
  onSilent: (why: Silence) => void;
}

function toggle({ key, meetingId, said, onSilent }: Wanted): void {
  const mine = playing?.key === key;
  playing?.sound.pause();
  now(null);
  if (mine) return;
  const query = new URLSearchParams({ from_ms: String(said.start_ms), to_ms: String(said.end_ms) });
  const url = `/api/meetings/${meetingId}/audio?${query}`;
  const sound = new Audio(url);
  const stop = () => {
    if (playing?.sound === sound) now(null);
  };
  sound.onended = stop;
  sound.onerror = () => {
    stop();
    void whySilent(url).then(onSilent);
  };
  now({ key, sound });
  sound.play().catch(stop);
}

/** Plays the seconds that prove something; one clip at a time on a page. */
export function Clip({
  meetingId,
  said,
}: {
  meetingId: string;
  said: Pick<Evidence, "utterance_id" | "start_ms" | "end_ms">;
}) {
  const { t } = useTranslation();
  const key = `${meetingId} ${said.utterance_id}`;
  const on = useSyncExternalStore(
    watch,
    () => playing?.key === key,
    () => false,
  );
  const [silent, setSilent] = useState<Silence | null>(null);
  const Icon = on ? Pause : Play;
  return (
    <>
      <button
        type="button"
        aria-pressed={on}
        aria-label={t("clip.play", { at: clock(said.start_ms) })}
        onClick={() => {
          setSilent(null);
          toggle({ key, meetingId, said, onSilent: setSilent });
        }}
        className="inline-flex items-center gap-1 rounded-control px-1.5 py-0.5 text-meta font-medium text-accent hover:bg-sand"
      >
        <Icon aria-hidden size={12} fill="currentColor" />
        {clock(said.start_ms)}
      </button>
      {silent && (
        <span role="alert" className="text-meta text-quiet">
          {t(`clip.${silent}`)}
        </span>
      )}
    </>
  );
}
