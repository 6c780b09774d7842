"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { microphones, type Source } from "@/ui/microphone";

const TAB = "tab";

/** Which microphone, or another tab's sound (a call held elsewhere). */
export function SourcePicker({ source, onChoose }: { source: Source; onChoose: (source: Source) => void }) {
  const { t } = useTranslation();
  const { data: devices = [] } = useQuery({ queryKey: ["microphones"], queryFn: microphones });
  const named = devices.filter((device) => device.deviceId && device.label);
  return (
    <select
      aria-label={t("live.device")}
      className="min-h-10 max-w-40 rounded-control border border-line bg-card px-2"
      value={source.kind === "tab" ? TAB : (source.deviceId ?? "")}
      onChange={({ target: { value } }) =>
        onChoose(value === TAB ? { kind: "tab" } : { kind: "microphone", deviceId: value || null })
      }
    >
      <option value="">{t("live.standard")}</option>
      {named.map((device) => (
        <option key={device.deviceId} value={device.deviceId}>
          {device.label}
        </option>
      ))}
      <option value={TAB}>{t("live.tab")}</option>
    </select>
  );
}
