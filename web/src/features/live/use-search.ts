"use client";

import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { letters, mark } from "./marks";
import { occurrences } from "./places";
import type { Line } from "./said";

const STILL_MS = 100;
/** So long nothing is typed before all occurrences are marked. */
const MARKED = 2000;
/** Occurrences that are marked at most; all are counted, and the current one always shows. */

export interface Search {
  sought: string;
  seek: (sought: string) => void;
  count: number;
  /** The one that is shown, from 1; 0: none yet. */
  place: number;
  go: (step: 1 | -1) => void;
}

/** Where words occur in the transcript; `reveal` brings a line into view. */
export function useSearch(all: readonly Line[], reveal: (id: string) => void): Search {
  const [sought, setSought] = useState("");
  const [place, setPlace] = useState(0);
  const wanted = useDeferredValue(sought.trim());
  const found = useMemo(
    () =>
      wanted
        ? all.flatMap(({ id, final, utterance }) =>
            utterance ? occurrences(final, wanted).map((span) => ({ id, ...span })) : [],
          )
        : [],
    [all, wanted],
  );
  const now = Math.min(place, found.length);
  useEffect(() => {
    const current = found[now - 1];
    mark("found-now", current ? [letters(current.id, current.from, current.to)] : []);
    const soon = setTimeout(() => {
      mark(
        "found",
        found.slice(0, MARKED).map(({ id, from, to }) => letters(id, from, to)),
      );
    }, STILL_MS);
    return () => clearTimeout(soon);
  }, [found, now]);
  useEffect(
    () => () => {
      mark("found", []);
      mark("found-now", []);
    },
    [],
  );
  return {
    sought,
    seek: (text) => {
      setSought(text);
      setPlace(0);
    },
    count: found.length,
    place: now,
    go: (step) => {
      if (found.length === 0) return;
      const first = now === 0 ? (step > 0 ? 0 : found.length - 1) : (now - 1 + step + found.length) % found.length;
      setPlace(first + 1);
      const shown = found[first];
      if (shown) reveal(shown.id);
    },
  };
}
