"use client";

import { Bookmark, Copy, Ellipsis, Pencil, Play, UserRound } from "lucide-react";
import { memo, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { Menu, MenuItem } from "@/ui/menu";
import { Face } from "@/ui/speaker";
import { clock } from "@/ui/time";
import { Edit } from "./edit";
import { letterAt, lineId } from "./marks";
import { wordAt } from "./places";
import type { Line } from "./said";
import "@/i18n/words/live";
import "@/i18n/words/said";

/** What one can do with a line. */
export interface Acts {
  play: (ms: number) => void;
  /** Begin to edit a line's text; null: no longer. */
  edit: (id: string | null) => void;
  name: (line: Line) => void;
  copy: (line: Line) => void;
  bookmark: (id: string) => void;
}

interface SaidProps {
  line: Line;
  bookmarked: boolean;
  editing: boolean;
  acts: Acts;
}

/** One line: who, when, and the words, which never move while they settle. */
export const Said = memo(
  function Said({ line, bookmarked, editing, acts }: SaidProps) {
    const { t } = useTranslation();
    const name = line.speaker ?? (line.voice === null ? t("live.someone") : t("live.voice", { number: line.voice }));
    const at = clock(line.startMs);
    return (
      <li
        id={lineId(line.id)}
        className="group flex gap-3 [contain-intrinsic-size:auto_3.5rem] [content-visibility:auto]"
      >
        <Face name={line.voice === null ? line.speaker : name} />
        <div className="min-w-0 flex-1">
          <div className="flex h-7 items-center gap-1 text-meta text-quiet">
            <Name line={line} name={name} acts={acts} />
            {line.utterance ? (
              <button
                type="button"
                aria-label={t("clip.play", { at })}
                onClick={() => acts.play(line.startMs)}
                className="inline-flex items-center gap-1 rounded-control px-1.5 py-0.5 font-medium text-accent hover:bg-sand"
              >
                <Play aria-hidden size={12} fill="currentColor" />
                {at}
              </button>
            ) : (
              <span className="px-1.5">{at}</span>
            )}
            {bookmarked && (
              <span role="img" aria-label={t("said.isBookmarked")} className="text-accent">
                <Bookmark aria-hidden size={14} fill="currentColor" />
              </span>
            )}
            {line.utterance && <More line={line} bookmarked={bookmarked} acts={acts} />}
          </div>
          {editing && line.utterance ? (
            <Edit said={line.utterance} onDone={() => acts.edit(null)} />
          ) : (
            <Words line={line} acts={acts} />
          )}
        </div>
      </li>
    );
  },
  (before, after) =>
    before.acts === after.acts &&
    before.bookmarked === after.bookmarked &&
    before.editing === after.editing &&
    before.line.utterance === after.line.utterance &&
    before.line.final === after.line.final &&
    before.line.stable === after.line.stable &&
    before.line.draft === after.line.draft &&
    before.line.speaker === after.line.speaker &&
    before.line.voice === after.line.voice,
);

/** Whoever is known apart from others can be named. */
function Name({ line, name, acts }: { line: Line; name: string; acts: Acts }) {
  const { t } = useTranslation();
  if (!line.heardAs || !line.utterance) return <span className="truncate px-1 font-medium">{name}</span>;
  return (
    <button
      type="button"
      title={t("said.nameThis")}
      onClick={() => acts.name(line)}
      className="truncate rounded-control px-1 font-medium underline decoration-dotted underline-offset-4 hover:bg-sand"
    >
      {name}
    </button>
  );
}

function Words({ line, acts }: { line: Line; acts: Acts }) {
  const { utterance } = line;
  const play = ({ currentTarget, clientX, clientY }: MouseEvent<HTMLElement>) => {
    if (!utterance || !getSelection()?.isCollapsed) return; // somebody marks words to copy them
    const letter = letterAt(currentTarget, clientX, clientY);
    const word = letter === null ? null : wordAt(utterance, letter);
    if (word) acts.play(word.startMs);
  };
  return (
    <p data-words="" onClick={play} className={utterance ? "w-fit cursor-pointer px-1" : "w-fit px-1"}>
      {line.final}
      {line.stable && <span className="text-quiet">{line.stable}</span>}
      {line.draft && (
        <span className="text-quiet underline decoration-quiet decoration-dotted underline-offset-4">{line.draft}</span>
      )}
    </p>
  );
}

function More({ line, bookmarked, acts }: { line: Line; bookmarked: boolean; acts: Acts }) {
  const { t } = useTranslation();
  return (
    <Menu
      label={t("said.more", { at: clock(line.startMs) })}
      button={<Ellipsis aria-hidden size={16} />}
      className="max-h-7 min-h-7 p-1.5 outline-offset-[-2px] md:opacity-0 md:group-focus-within:opacity-100 md:group-hover:opacity-100"
    >
      <MenuItem onChoose={() => acts.edit(line.id)}>
        <Pencil aria-hidden size={16} />
        {t("said.edit")}
      </MenuItem>
      <MenuItem onChoose={() => acts.bookmark(line.id)}>
        <Bookmark aria-hidden size={16} />
        {t(bookmarked ? "said.unmark" : "said.mark")}
      </MenuItem>
      <MenuItem onChoose={() => acts.copy(line)}>
        <Copy aria-hidden size={16} />
        {t("said.copy")}
      </MenuItem>
      {line.heardAs && (
        <MenuItem onChoose={() => acts.name(line)}>
          <UserRound aria-hidden size={16} />
          {t("said.nameThis")}
        </MenuItem>
      )}
    </Menu>
  );
}
