/** Frames that VORI hasn't acknowledged yet, on disk, so that a reload or a crash of the page loses none. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

interface Held {
  meetingId: string;
  streamId: string;
  seq: number;
  frame: Uint8Array;
  /** Whose stream it is; frames kept by an older page don't say. */
  speaker?: string | null;
}

/** What is left of a stream. */
export interface Left {
  speaker: string | null;
  frames: Map<number, Uint8Array>;
}

interface Schema extends DBSchema {
  frames: { key: [string, string, number]; value: Held };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("vori", 1, {
    upgrade: (made) => void made.createObjectStore("frames", { keyPath: ["meetingId", "streamId", "seq"] }),
  });
  return opened;
}

function range(meetingId: string, streamId: string, upTo: number): IDBKeyRange {
  return IDBKeyRange.bound([meetingId, streamId, 0], [meetingId, streamId, upTo]);
}

/** Where a browser refuses to keep anything (private windows), frames live in memory alone. */
async function tried<T>(work: (known: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await database());
  } catch {
    return otherwise;
  }
}

export function hold(held: Held): Promise<unknown> {
  return tried((known) => known.put("frames", held), null);
}

/** Forget what was acknowledged. */
export function release(meetingId: string, streamId: string, upTo: number): Promise<unknown> {
  return tried((known) => known.delete("frames", range(meetingId, streamId, upTo)), undefined);
}

/** What an earlier life of this page left unsent in a meeting, by stream, in order. */
export async function left(meetingId: string): Promise<Map<string, Left>> {
  const all = await tried(
    (known) => known.getAll("frames", IDBKeyRange.bound([meetingId], [meetingId, []])),
    [] as Held[],
  );
  const found = new Map<string, Left>();
  for (const { streamId, seq, frame, speaker = null } of all) {
    if (!found.has(streamId)) found.set(streamId, { speaker, frames: new Map() });
    found.get(streamId)?.frames.set(seq, frame);
  }
  return found;
}
