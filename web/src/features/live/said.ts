/** The lines of a transcript, drafts included, and who said them. Pure. */
import type { LiveState } from "@/api/live";
import type { UtteranceOut } from "@/api/schema";

export interface Line {
  id: string;
  speaker: string | null;
  /** A voice of a shared microphone that has no name yet: its number. */
  voice: number | null;
  startMs: number;
  endMs: number;
  /** Settled words, then those that are likely to stay, then the rest. */
  final: string;
  stable: string;
  draft: string;
  utterance: UtteranceOut | null;
}

const VOICES = 4;
/** Numbers of voices go on from one shared microphone to the next, so many for each. */

export function lines(state: LiveState): Line[] {
  const shared = [...state.streams].filter(([, stream]) => stream.speaker === null).map(([id]) => id);
  const who = (said: { stream: string; speaker: string | null; voice?: number | null }) => {
    const voice = said.voice ?? null;
    const key = `${said.stream} ${voice}`;
    const speaker = state.names.has(key) ? (state.names.get(key) ?? null) : said.speaker;
    const place = shared.indexOf(said.stream);
    return { speaker, voice: speaker === null && voice !== null && place >= 0 ? place * VOICES + voice + 1 : null };
  };
  const settled = [...state.utterances.values()].map((said) => ({
    id: said.utterance_id,
    ...who(said),
    startMs: said.start_ms,
    endMs: said.end_ms,
    final: said.text,
    stable: "",
    draft: "",
    utterance: said,
  }));
  const open = [...state.drafts].map(([id, said]) => ({
    id,
    ...who(said),
    startMs: said.start_ms,
    endMs: said.start_ms,
    final: said.final,
    stable: said.stable.slice(said.final.length),
    draft: said.text.slice(Math.max(said.stable.length, said.final.length)),
    utterance: null,
  }));
  return [...settled, ...open].sort((one, other) => one.startMs - other.startMs || (one.id < other.id ? -1 : 1));
}
