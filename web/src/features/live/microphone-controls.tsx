"use client";

import { Mic, MicOff, Pause } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { CONTROL } from "@/ui/field";
import type { Source } from "./microphone";
import { SourcePicker } from "./source-picker";
import { useSpeaker } from "./speaker";
import type { Sound } from "./use-sound";

/** Who speaks into which microphone, and begin; then how loud it is, mute (silence for a moment) and pause (closed). */
export function Microphone({ sound }: { sound: Sound }) {
  const { t } = useTranslation();
  const [source, setSource] = useState<Source>({ kind: "microphone", deviceId: null });
  const [speaker, setSpeaker] = useSpeaker();
  if (sound.on)
    return (
      <>
        <Level level={sound.muted ? 0 : sound.level} label={t("live.level")} />
        <Button aria-pressed={sound.muted} onClick={() => sound.mute(!sound.muted)}>
          {sound.muted ? <MicOff aria-hidden size={16} /> : <Mic aria-hidden size={16} />}
          {t(sound.muted ? "live.unmute" : "live.mute")}
        </Button>
        <Button onClick={() => void sound.pause()}>
          <Pause aria-hidden size={16} />
          {t("live.pause")}
        </Button>
      </>
    );
  return (
    <>
      {source.kind === "microphone" && (
        <input
          aria-label={t("live.name")}
          title={t("live.nameHelp")}
          placeholder={t("live.name")}
          maxLength={80}
          value={speaker}
          onChange={({ target }) => setSpeaker(target.value)}
          className={`${CONTROL} max-w-36`}
        />
      )}
      <SourcePicker source={source} onChoose={setSource} />
      <Button look="main" onClick={() => void sound.start(source, speaker.trim() || null)}>
        <Mic aria-hidden size={16} />
        {t("live.speak")}
      </Button>
    </>
  );
}

function Level({ level, label }: { level: number; label: string }) {
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={level}
      className="h-2 w-16 overflow-hidden rounded-full bg-sand"
    >
      <span
        style={{ width: `${Math.round(Math.sqrt(level) * 100)}%` }}
        className="block h-full bg-done transition-[width]"
      />
    </span>
  );
}
