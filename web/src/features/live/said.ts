/** The lines of a transcript, drafts included, and who said them. Pure. */
import type { LiveState } from "@/api/live";
import type { UtteranceOut } from "@/api/schema";

export interface Line {
  id: string;
  speaker: string | null;
  /** A voice of a shared microphone that has no name yet: its number. */
  voice: number | null;
  /** By which it can be named: its stream, and its number there (null: who speaks alone); null where nobody is known. */
  heardAs: { stream: string; voice: number | null } | null;
  startMs: number;
  endMs: number;
  /** Settled words, then those that are likely to stay, then the rest. */
  final: string;
  stable: string;
  draft: string;
  utterance: UtteranceOut | null;
}

type Heard = { stream: string; speaker: string | null; voice?: number | null };

const VOICES = 4;
/** Numbers of voices go on from one shared microphone to the next, so many for each. */

/** `earlier`: what was said before the snapshot's first words. Drafts that began before `struckToMs` are left out. */
export function lines(state: LiveState, earlier: readonly UtteranceOut[], struckToMs: number): Line[] {
  const who = whose(state);
  const said = new Map(earlier.map((one) => [one.utterance_id, one]));
  state.withdrawn.forEach((id) => said.delete(id));
  state.utterances.forEach((one, id) => said.set(id, one));
  const settled = [...said.values()].map((one) => ({
    id: one.utterance_id,
    ...who(one),
    startMs: one.start_ms,
    endMs: one.end_ms,
    final: one.text,
    stable: "",
    draft: "",
    utterance: one,
  }));
  const open = [...state.drafts]
    .filter(([id, one]) => one.start_ms >= struckToMs && !said.has(id))
    .map(([id, one]) => ({
      id,
      ...who(one),
      startMs: one.start_ms,
      endMs: one.start_ms,
      final: one.final,
      stable: one.stable.slice(one.final.length),
      draft: one.text.slice(Math.max(one.stable.length, one.final.length)),
      utterance: null,
    }));
  return [...settled, ...open].sort((one, other) => one.startMs - other.startMs || (one.id < other.id ? -1 : 1));
}

function whose(state: LiveState) {
  const shared = [...state.streams].filter(([, stream]) => stream.speaker === null).map(([id]) => id);
  return ({ stream, speaker: told, voice = null }: Heard) => {
    const place = shared.indexOf(stream);
    const key = `${stream} ${voice}`;
    const speaker = state.names.has(key) ? (state.names.get(key) ?? null) : told;
    const known = (voice !== null && place >= 0) || (voice === null && speaker !== null);
    const number = speaker === null && known && voice !== null ? place * VOICES + voice + 1 : null;
    return { speaker, heardAs: known ? { stream, voice } : null, voice: number };
  };
}

/** The names of those who speak, each once. */
export function names(all: readonly Line[]): string[] {
  return [...new Set(all.flatMap((line) => line.speaker ?? []))].sort((one, other) => one.localeCompare(other));
}
