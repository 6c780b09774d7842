/** Which letters of an utterance were said when. Pure. */
import type { UtteranceOut } from "@/api/schema";

export interface Place {
  /** Letters of the text, from and to. */
  from: number;
  to: number;
  startMs: number;
  endMs: number;
}

type Said = Pick<UtteranceOut, "text" | "words">;

const known = new WeakMap<Said, readonly Place[]>();

/** Its words, in order; a word that the text doesn't have is left out. */
export function places(said: Said): readonly Place[] {
  const found = known.get(said) ?? placed(said);
  known.set(said, found);
  return found;
}

function placed({ text, words }: Said): Place[] {
  let next = 0;
  return words.flatMap((word) => {
    const letters = word.text.trim();
    const from = letters ? text.indexOf(letters, next) : -1;
    if (from < 0) return [];
    next = from + letters.length;
    return { from, to: next, startMs: word.start_ms, endMs: word.end_ms };
  });
}

/** The word at a letter, or the one before it. */
export function wordAt(said: Said, letter: number): Place | null {
  return places(said).findLast((place) => place.from <= letter) ?? places(said)[0] ?? null;
}

/** The word that is heard at a time, or the last one before. */
export function heardAt(said: Said, ms: number): Place | null {
  return places(said).findLast((place) => place.startMs <= ms) ?? null;
}

/** Where a text occurs in another, whatever its case. */
export function occurrences(text: string, sought: string): { from: number; to: number }[] {
  const [within, part] = [text.toLowerCase(), sought.toLowerCase()];
  const found: { from: number; to: number }[] = [];
  if (!part || within.length !== text.length) return found;
  for (let at = within.indexOf(part); at >= 0; at = within.indexOf(part, at + part.length))
    found.push({ from: at, to: at + part.length });
  return found;
}
