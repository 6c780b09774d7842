"use client";

import dynamic from "next/dynamic";
import { memo, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeetingOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { say } from "@/ui/toast";
import { Aloud, useAloud } from "./aloud";
import { Bookmarks, useBookmarks } from "./bookmarks";
import { asText, copied } from "./copy";
import { type Acts, Said } from "./line";
import { lineId } from "./marks";
import { Player } from "./player";
import { PlayerBar } from "./player-bar";
import { type Line, names } from "./said";
import { Tools } from "./tools";
import { useArrival } from "./use-arrival";
import { useFollowing } from "./use-following";
import { useHeard } from "./use-heard";
import { useSearch } from "./use-search";
import "@/i18n/words/live";
import "@/i18n/words/said";

const Naming = dynamic(() => import("./naming").then((made) => made.Naming), { ssr: false });
const Strike = dynamic(() => import("./strike").then((made) => made.Strike), { ssr: false });

interface TranscriptProps {
  meeting: MeetingOut;
  lines: readonly Line[];
  onStruck: (toMs: number) => void;
  /** Where to begin, ms since the meeting's start; null: at the newest words, or the first. */
  atMs: number | null;
}

/** The words as they come, and what one can do with them. */
export const Transcript = memo(function Transcript({ meeting, lines, onStruck, atMs }: TranscriptProps) {
  const { t } = useTranslation();
  const { meeting_id: meetingId } = meeting;
  const live = meeting.status === "live";
  const { box, list, following, follow, onScroll } = useFollowing(live);
  const [player] = useState(() => new Player(meetingId));
  useEffect(() => () => player.close(), [player]);
  useHeard(player, lines, box);
  const reveal = useCallback(
    (id: string) => {
      follow(false);
      document.getElementById(lineId(id))?.scrollIntoView({ block: "center" });
    },
    [follow],
  );
  const search = useSearch(lines, reveal);
  useArrival(lines, atMs, reveal);
  const { bookmarked, toggle } = useBookmarks(meetingId);
  const [editing, setEditing] = useState<string | null>(null);
  const [naming, setNaming] = useState<Line | null>(null);
  const [striking, setStriking] = useState(false);
  const [aloud, setAloud] = useAloud();
  const copy = useCopy();
  const acts = useMemo<Acts>(
    () => ({
      play: (ms) => player.playFrom(ms),
      edit: (id) => {
        if (id) follow(false);
        setEditing(id);
      },
      name: setNaming,
      copy: (line) => copy([line]),
      bookmark: toggle,
    }),
    [player, follow, copy, toggle],
  );
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Tools
        search={search}
        aloud={aloud}
        onAloud={setAloud}
        onCopy={() => copy(lines)}
        onStrike={live ? () => setStriking(true) : null}
      >
        <Bookmarks lines={lines.filter((line) => bookmarked.has(line.id))} reveal={reveal} />
      </Tools>
      <div className="relative min-h-0 flex-1">
        <div
          ref={box}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={t("live.transcript")}
          className="h-full overflow-y-auto outline-offset-[-2px]"
          onScroll={onScroll}
        >
          {lines.length === 0 && (
            <p className="py-16 text-center text-quiet">{t(live ? "live.silent" : "live.nothing")}</p>
          )}
          <ol ref={list} className="flex flex-col gap-3 py-4">
            <Lines lines={lines} bookmarked={bookmarked} editing={editing} acts={acts} />
          </ol>
        </div>
        {!following && live && (
          <Button className="absolute bottom-4 left-1/2 -translate-x-1/2 shadow-float" onClick={() => follow(true)}>
            {t("live.newest")}
          </Button>
        )}
      </div>
      <PlayerBar player={player} />
      {aloud && <Aloud lines={lines} />}
      {naming && (
        <Naming
          meetingId={meetingId}
          line={naming}
          people={[...new Set([...names(lines), ...meeting.participants])]}
          onClose={() => setNaming(null)}
        />
      )}
      {striking && <Strike meetingId={meetingId} onStruck={onStruck} onClose={() => setStriking(false)} />}
    </div>
  );
});

interface LinesProps {
  lines: readonly Line[];
  bookmarked: ReadonlySet<string>;
  editing: string | null;
  acts: Acts;
}

/** By themselves, so that typing into the search doesn't ask a thousand lines whether they changed. */
const Lines = memo(function Lines({ lines, bookmarked, editing, acts }: LinesProps) {
  return lines.map((line) => (
    <Said key={line.id} line={line} bookmarked={bookmarked.has(line.id)} editing={editing === line.id} acts={acts} />
  ));
});

function useCopy(): (lines: readonly Line[]) => void {
  const { t } = useTranslation();
  return useCallback(
    (lines) => {
      const who = ({ speaker, voice }: Line) =>
        speaker ?? (voice === null ? t("live.someone") : t("live.voice", { number: voice }));
      void copied(asText(lines, who)).then((done) => say(t(done ? "said.copied" : "said.notCopied")));
    },
    [t],
  );
}
