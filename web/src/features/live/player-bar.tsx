"use client";

import { Pause, Play, RotateCcw, RotateCw, X } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { clock } from "@/ui/time";
import { type Player, SPEEDS } from "./player";
import "@/i18n/words/said";

const SKIP_S = 10;

/** What plays, and how to pause it, go back and forth, and speed it up; nothing until a moment was chosen. */
export function PlayerBar({ player }: { player: Player }) {
  const { t } = useTranslation();
  const { atMs, on, speed, silent } = useSyncExternalStore(player.watch, player.state, player.state);
  if (atMs === null) return null;
  return (
    <div
      role="group"
      aria-label={t("said.player")}
      className="flex items-center gap-1 border-t border-line bg-card px-2 py-1"
    >
      <Press label={t("said.back", { seconds: SKIP_S })} onPress={() => player.skip(-SKIP_S)}>
        <RotateCcw aria-hidden size={16} />
      </Press>
      <Press label={t(on ? "said.pause" : "said.play")} onPress={() => player.toggle()}>
        {on ? <Pause aria-hidden size={18} /> : <Play aria-hidden size={18} />}
      </Press>
      <Press label={t("said.forth", { seconds: SKIP_S })} onPress={() => player.skip(SKIP_S)}>
        <RotateCw aria-hidden size={16} />
      </Press>
      <span className="min-w-12 text-center text-meta">{clock(atMs)}</span>
      <select
        aria-label={t("said.speed")}
        value={speed}
        onChange={({ target }) => player.setSpeed(Number(target.value))}
        className="min-h-9 rounded-control border border-line bg-card px-1 text-meta"
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
      <span aria-live="polite" className="min-w-0 flex-1 text-meta text-danger">
        {silent && t(`clip.${silent}`)}
      </span>
      <Press label={t("app.close")} onPress={() => player.close()}>
        <X aria-hidden size={16} />
      </Press>
    </div>
  );
}

function Press({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
      className="inline-flex size-9 items-center justify-center rounded-control text-quiet hover:bg-sand hover:text-ink"
    >
      {children}
    </button>
  );
}
