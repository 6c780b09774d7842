"use client";

import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Clip } from "@/ui/clip";
import { Face } from "@/ui/speaker";
import { clock } from "@/ui/time";
import type { Line } from "./said";

const NEAR_PX = 120;

/** The words as they come. It follows the newest line until the reader scrolls up. */
export function Transcript({ meetingId, lines, live }: { meetingId: string; lines: readonly Line[]; live: boolean }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const last = lines.at(-1);
  useEffect(() => {
    if (following && live) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [following, live, last?.id, last?.final, last?.draft]);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t("live.transcript")}
        className="h-full overflow-y-auto outline-offset-[-2px]"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollowing(scrollHeight - scrollTop - clientHeight < NEAR_PX)
        }
      >
        {lines.length === 0 && (
          <p className="py-16 text-center text-quiet">{t(live ? "live.silent" : "live.nothing")}</p>
        )}
        <ol className="flex flex-col gap-4 py-4">
          {lines.map((line) => (
            <Said key={line.id} meetingId={meetingId} line={line} />
          ))}
        </ol>
      </div>
      {!following && live && (
        <Button className="absolute bottom-4 left-1/2 -translate-x-1/2 shadow-float" onClick={() => setFollowing(true)}>
          {t("live.newest")}
        </Button>
      )}
    </div>
  );
}

const Said = memo(
  function Said({ meetingId, line }: { meetingId: string; line: Line }) {
    const { t } = useTranslation();
    const name = line.speaker ?? (line.voice === null ? t("live.someone") : t("live.voice", { number: line.voice }));
    return (
      <li className="flex gap-3">
        <Face name={line.voice === null ? line.speaker : name} />
        <div className="min-w-0">
          <p className="flex items-center gap-2 text-meta text-quiet">
            <span className="font-medium">{name}</span>
            {line.utterance ? <Clip meetingId={meetingId} said={line.utterance} /> : clock(line.startMs)}
          </p>
          <p>
            {line.final}
            {line.stable && <span className="text-quiet">{line.stable}</span>}
            {line.draft && <span className="text-quiet opacity-70">{line.draft}</span>}
          </p>
        </div>
      </li>
    );
  },
  (before, after) =>
    before.meetingId === after.meetingId &&
    before.line.utterance === after.line.utterance &&
    before.line.final === after.line.final &&
    before.line.stable === after.line.stable &&
    before.line.draft === after.line.draft &&
    before.line.speaker === after.line.speaker &&
    before.line.voice === after.line.voice,
);
