/** A recording on its way to VORI, piece by piece; whoever was cut off goes on where they stopped. */
import { data, Refusal, api } from "@/api/client";
import type { Problem } from "@/api/schema";

const PIECE_BYTES = 2 << 20;
const PAUSES_MS = [500, 1000, 2000, 4000];

/** The name under which a file's pieces are gathered: the same file has it again. */
async function keyOf(file: File): Promise<string> {
  const about = new TextEncoder().encode([file.name, file.size, file.lastModified].join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", about));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How many bytes of a file have arrived. */
export async function arrived(file: File): Promise<number> {
  const path = { key: await keyOf(file) };
  return (await data(api.GET("/api/uploads/{key}", { params: { path } }))).bytes;
}

export interface Progress {
  bytes: number;
  /** The line is broken at the moment. */
  waiting: boolean;
}

/** Send what hasn't arrived yet. Throws when the line stays broken, when VORI refuses, or when `signal` says to stop. */
export async function sendAll(file: File, told: (now: Progress) => void, signal: AbortSignal): Promise<void> {
  const key = await keyOf(file);
  let failures = 0;
  let at = 0;
  for (;;) {
    try {
      at = await arrived(file);
      while (at < file.size) {
        told({ bytes: at, waiting: false });
        at = await sendPiece(key, at, file.slice(at, at + PIECE_BYTES), signal);
        failures = 0;
      }
      told({ bytes: at, waiting: false });
      return;
    } catch (error) {
      const pause = PAUSES_MS[failures];
      const hopeless = error instanceof Refusal && error.problem.status < 500 && error.problem.status !== 409;
      if (signal.aborted || hopeless || pause === undefined) throw error;
      failures += 1;
      told({ bytes: at, waiting: true });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

async function sendPiece(key: string, at: number, piece: Blob, signal: AbortSignal): Promise<number> {
  const answer = await fetch(`/api/uploads/${key}?offset=${at}`, { method: "PATCH", body: piece, signal });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Refusal(body as Problem);
  return (body as { bytes: number }).bytes;
}

/** The recording has arrived: make a meeting of it, which is over when it has been taken in. Returns its id. */
export async function makeMeeting(file: File, speaker: string): Promise<string> {
  const title = file.name.replace(/\.[^.]+$/, "").slice(0, 200);
  const body = { title, participants: speaker ? [speaker] : [] };
  const { meeting_id } = await data(api.POST("/api/meetings", { body }));
  const path = { meeting_id };
  const query = { meeting_id, ...(speaker ? { speaker } : {}) };
  try {
    await data(api.POST("/api/uploads/{key}/finish", { params: { path: { key: await keyOf(file) }, query } }));
  } finally {
    await data(api.POST("/api/meetings/{meeting_id}/end", { params: { path } }));
  }
  return meeting_id;
}
