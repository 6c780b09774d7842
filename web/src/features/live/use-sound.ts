"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Capture, NoSound, type Source } from "./microphone";
import { FRAME_MS, Sender, type Sending } from "./sender";
import { left } from "./unsent";

export interface Sound {
  on: boolean;
  muted: boolean;
  /** 0 to 1. */
  level: number;
  /** Seconds that VORI doesn't have yet while it can't be reached. */
  heldS: number;
  connected: boolean;
  trouble: NoSound | string | null;
  start: (source: Source) => Promise<void>;
  stop: () => Promise<void>;
  mute: (muted: boolean) => void;
}

/** This page's microphone in a meeting. What an earlier life of the page left unsent is brought in first. */
export function useSound(meetingId: string, live: boolean, speaker: string | null): Sound {
  const capture = useRef<Capture | null>(null);
  const sender = useRef<Sender | null>(null);
  const [on, setOn] = useState(false);
  const [muted, setMuted] = useState(false);
  const [level, setLevel] = useState(0);
  const [sending, setSending] = useState<Sending | null>(null);
  const [trouble, setTrouble] = useState<NoSound | string | null>(null);

  useEffect(() => {
    if (!live) return;
    void left(meetingId).then((streams) =>
      streams.forEach((frames, streamId) => new Sender(meetingId, streamId, null, () => undefined, frames).end()),
    );
  }, [meetingId, live]);

  const stop = useCallback(async () => {
    const held = capture.current;
    capture.current = null;
    sender.current?.end();
    setOn(false);
    setLevel(0);
    await held?.close();
  }, []);

  const start = useCallback(
    async (source: Source) => {
      setTrouble(null);
      try {
        const streamId = `page-${crypto.randomUUID()}`;
        const opened = await Capture.open(
          source,
          ({ samples, peak }) => {
            sender.current?.send(samples);
            setLevel(peak);
          },
          () => void stop(),
        );
        capture.current = opened;
        sender.current = new Sender(meetingId, streamId, source.kind === "tab" ? null : speaker, (now) => {
          setSending(now);
          if (now.refused) {
            setTrouble([now.refused.detail, now.refused.remedy].filter(Boolean).join(" "));
            if (now.refused.status < 500) void stop();
          }
        });
        setMuted(false);
        setOn(true);
      } catch (error) {
        setTrouble(error instanceof NoSound ? error : String(error));
      }
    },
    [meetingId, speaker, stop],
  );

  const mute = useCallback((quiet: boolean) => {
    capture.current?.mute(quiet);
    setMuted(quiet);
  }, []);

  useEffect(() => () => void stop(), [stop]);
  useWakeLock(on);
  return {
    on,
    muted,
    level,
    connected: sending?.connected ?? false,
    heldS: Math.round(((sending?.held ?? 0) * FRAME_MS) / 1000),
    trouble,
    start,
    stop,
    mute,
  };
}

/** Keep the screen on while this page listens: a phone that sleeps hears nothing. */
function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let over = false;
    const ask = () => {
      if (document.visibilityState !== "visible") return;
      navigator.wakeLock.request("screen").then(
        (given) => {
          lock = given;
          if (over) void given.release();
        },
        () => undefined,
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, [on]);
}
