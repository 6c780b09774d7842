"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Mic, Square } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { Field, Select } from "./field";
import { Level } from "./level";
import { Capture, keepMicrophone, keptMicrophone, microphones, NoSound } from "./microphone";
import "@/i18n/words/microphone";

/** Louder than this (0 to 1) is a voice, and no noise of the room. */
const A_VOICE = 0.05;

/** Which microphone meetings begin with, and whether it hears anything. */
export function MicrophoneTest() {
  const { t } = useTranslation();
  const { data: devices } = useQuery({ queryKey: ["microphones"], queryFn: microphones });
  const [chosen, setChosen] = useState(keptMicrophone);
  const test = useTest();
  const named = devices?.filter((device) => device.deviceId && device.label) ?? [];
  const unnamed = devices && named.length === 0 && (devices.length ? "before" : "missing");
  const told = test.on ? (test.heard ? "heard" : "silent") : unnamed && !test.trouble ? unnamed : "here";
  return (
    <div className="flex flex-col gap-2">
      <Field label={t("microphone.name")}>
        <Select
          value={named.some((device) => device.deviceId === chosen) ? (chosen ?? "") : ""}
          onChange={({ target: { value } }) => {
            keepMicrophone(value || null);
            setChosen(value || null);
            if (test.on) void test.start();
          }}
        >
          <option value="">{t("microphone.usual")}</option>
          {named.map((device) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label}
            </option>
          ))}
        </Select>
      </Field>
      <div className="flex items-center gap-3">
        <Button onClick={() => void (test.on ? test.stop() : test.start())} className="shrink-0">
          {test.on ? <Square aria-hidden size={14} /> : <Mic aria-hidden size={16} />}
          {t(test.on ? "microphone.stop" : "microphone.test")}
        </Button>
        {test.on && <Level level={test.level} label={t("microphone.level")} className="flex-1" />}
      </div>
      <p aria-live="polite" className="text-meta text-quiet">
        {t(`microphone.${told}`)}
      </p>
      {test.trouble && (
        <p role="alert" className="text-meta text-danger">
          {t(`microphone.${test.trouble.why}`, { why: test.trouble.message })}
        </p>
      )}
    </div>
  );
}

/** The microphone, listened to by this page alone. */
function useTest() {
  const client = useQueryClient();
  const capture = useRef<Capture | null>(null);
  const [on, setOn] = useState(false);
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  const [trouble, setTrouble] = useState<NoSound | null>(null);

  const stop = useCallback(async () => {
    const held = capture.current;
    capture.current = null;
    setOn(false);
    await held?.close();
  }, []);

  const start = useCallback(async () => {
    await stop();
    setTrouble(null);
    setHeard(false);
    try {
      capture.current = await Capture.open(
        { kind: "microphone", deviceId: keptMicrophone() },
        ({ peak }) => {
          setLevel(peak);
          if (peak > A_VOICE) setHeard(true);
        },
        () => void stop(),
      );
      setOn(true);
      void client.invalidateQueries({ queryKey: ["microphones"] }); // their names are known from now on
    } catch (error) {
      setTrouble(error instanceof NoSound ? error : new NoSound("other", String(error)));
    }
  }, [client, stop]);

  useEffect(() => () => void stop(), [stop]);
  useEffect(() => {
    if (!("mediaDevices" in navigator)) return; // where VORI isn't called by a name that browsers trust
    const changed = () => void client.invalidateQueries({ queryKey: ["microphones"] });
    navigator.mediaDevices.addEventListener("devicechange", changed);
    return () => navigator.mediaDevices.removeEventListener("devicechange", changed);
  }, [client]);
  return { on, level, heard, trouble, start, stop };
}
