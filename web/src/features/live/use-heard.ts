"use client";

import { type RefObject, useEffect } from "react";
import { letters, lineId, mark } from "./marks";
import { heardAt } from "./places";
import type { Player } from "./player";
import type { Line } from "./said";

const LOOK_MS = 100;

/** Mark the words that are heard just now; the page follows them while their line is in view. */
export function useHeard(player: Player, all: readonly Line[], box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let before = "";
    const look = () => {
      const at = player.atMs();
      const heard = at === null ? [] : all.filter((line) => line.startMs <= at && at < line.endMs);
      mark(
        "heard",
        heard.map(({ id, utterance }) => {
          const place = utterance && at !== null ? heardAt(utterance, at) : null;
          return place && letters(id, place.from, place.to);
        }),
      );
      const now = heard[0]?.id ?? before;
      if (before && now !== before && box.current && inView(before, box.current))
        document.getElementById(lineId(now))?.scrollIntoView({ block: "nearest" });
      before = now;
    };
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = () => {
      const { on, atMs } = player.state();
      clearInterval(timer);
      timer = on ? setInterval(look, LOOK_MS) : undefined;
      if (!on) look();
      if (atMs === null) mark("heard", []);
    };
    const unwatch = player.watch(follow);
    follow();
    return () => {
      unwatch();
      clearInterval(timer);
      mark("heard", []);
    };
  }, [player, all, box]);
}

function inView(id: string, box: HTMLElement): boolean {
  const line = document.getElementById(lineId(id))?.getBoundingClientRect();
  const { top, bottom } = box.getBoundingClientRect();
  return line !== undefined && line.bottom > top && line.top < bottom;
}
