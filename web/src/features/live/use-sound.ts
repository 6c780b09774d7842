"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Capture, NoSound, type Piece, type Source } from "@/ui/microphone";
import { Quiet } from "./quiet";
import { RATE } from "@/ui/microphone";
import { FRAME_MS, Sender, type Sending } from "./sender";
import { left } from "./unsent";

const SILENT_BYTES = (2 * RATE * FRAME_MS) / 1000;
const LAST_WORDS_MS = 20_000;

export interface Sound {
  /** Sound goes in; also while it is muted, as silence. */
  on: boolean;
  /** The microphone is closed for a while; until it is opened again, silence goes in. */
  paused: boolean;
  muted: boolean;
  /** 0 to 1. */
  level: number;
  /** Seconds that VORI doesn't have yet while it can't be reached. */
  heldS: number;
  connected: boolean;
  trouble: NoSound | string | null;
  /** Begin, or go on after a pause. `speaker`: who speaks into it; null where several share it. */
  start: (source: Source, speaker: string | null) => Promise<void>;
  pause: () => Promise<void>;
  /** Resolves once VORI has every word, after 20 s at the latest. */
  stop: () => Promise<void>;
  mute: (muted: boolean) => void;
}

/** This page's microphone in a meeting. What an earlier life of the page left unsent is brought in first. */
export function useSound(meetingId: string, live: boolean): Sound {
  const capture = useRef<Capture | null>(null);
  const sender = useRef<Sender | null>(null);
  const quiet = useRef<Quiet | null>(null);
  const [phase, setPhase] = useState<"off" | "on" | "paused">("off");
  const [muted, setMuted] = useState(false);
  const [level, setLevel] = useState(0);
  const [sending, setSending] = useState<Sending | null>(null);
  const [trouble, setTrouble] = useState<NoSound | string | null>(null);

  useEffect(() => {
    if (!live) return;
    void left(meetingId).then((streams) =>
      streams.forEach(
        ({ speaker, frames }, streamId) => void new Sender(meetingId, streamId, speaker, () => undefined, frames).end(),
      ),
    );
  }, [meetingId, live]);

  const silence = useCallback(async () => {
    const held = capture.current;
    capture.current = null;
    setLevel(0);
    await held?.close();
  }, []);

  const stop = useCallback(async () => {
    quiet.current?.end();
    quiet.current = null;
    await silence();
    const taken = sender.current?.end();
    sender.current = null;
    setPhase("off");
    await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
  }, [silence]);

  const pause = useCallback(async () => {
    const mine = sender.current;
    quiet.current?.end();
    quiet.current = mine && new Quiet(() => mine.send(new ArrayBuffer(SILENT_BYTES)));
    setPhase("paused");
    await silence();
  }, [silence]);

  const told = useCallback(
    (now: Sending) => {
      setSending(now);
      if (!now.refused) return;
      setTrouble([now.refused.detail, now.refused.remedy].filter(Boolean).join(" "));
      if (now.refused.status < 500) void stop();
    },
    [stop],
  );

  const start = useCallback(
    async (source: Source, speaker: string | null) => {
      setTrouble(null);
      const who = source.kind === "tab" ? null : speaker;
      const before = quiet.current; // not a later pause: a piece from before it may come only now
      const heard = ({ samples, peak }: Piece) => {
        if (quiet.current === before) {
          before?.end();
          quiet.current = null;
        }
        sender.current?.send(samples);
        setLevel(peak);
      };
      try {
        const opened = await Capture.open(source, heard, () => void pause());
        if (sender.current?.speaker !== who) {
          void sender.current?.end();
          sender.current = new Sender(meetingId, `page-${crypto.randomUUID()}`, who, told);
        }
        capture.current = opened;
        setMuted(false);
        setPhase("on");
      } catch (error) {
        setTrouble(error instanceof NoSound ? error : String(error));
      }
    },
    [meetingId, told, pause],
  );

  const mute = useCallback((yes: boolean) => {
    capture.current?.mute(yes);
    setMuted(yes);
  }, []);

  useEffect(() => () => void stop(), [stop]);
  useWakeLock(phase === "on");
  return {
    on: phase === "on",
    paused: phase === "paused",
    muted,
    level,
    connected: sending?.connected ?? false,
    heldS: Math.round(((sending?.held ?? 0) * FRAME_MS) / 1000),
    trouble,
    start,
    pause,
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
