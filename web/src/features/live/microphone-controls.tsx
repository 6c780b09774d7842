"use client";

import { Mic, MicOff, Pause } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { CONTROL } from "@/ui/field";
import { Level } from "@/ui/level";
import type { Source } from "@/ui/microphone";
import { SourcePicker } from "./source-picker";
import { NAME, useKept } from "@/ui/kept";
import type { Sound } from "./use-sound";
import "@/i18n/words/live";

/** Who speaks into which microphone, and begin; then how loud it is, mute (silence for a moment) and pause (closed). */
export function Microphone({ sound }: { sound: Sound }) {
  const { t } = useTranslation();
  const [source, setSource] = useState<Source>({ kind: "microphone", deviceId: null });
  const [speaker, setSpeaker] = useKept(NAME);
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
