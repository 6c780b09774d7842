/** Keeps the socket of `live.ts` open, through breaks, for as long as a page shows it. */
import { applied, type LiveState, loaded, NOTHING } from "./live";
import type { LiveDiff, LiveTold, Problem } from "./schema";

const PAUSES_MS = [300, 1000, 2000, 5000];

export interface Following {
  state: LiveState;
  /** `connecting` before the first snapshot; `lost` while the connection is broken. */
  connection: "connecting" | "open" | "lost";
  refused: Problem | null;
  /** How many snapshots came so far: after each, everything begins anew. */
  snapshots: number;
  /** The last change, for those who show that something moved. */
  last: LiveDiff | null;
}

type Message = LiveTold | ({ type: "error" } & Problem);

export const BEFORE: Following = { state: NOTHING, connection: "connecting", refused: null, snapshots: 0, last: null };

/** Follow a meeting, or the overview without an id. Returns how to stop. */
export function follow(meetingId: string | null, told: (now: Following) => void): () => void {
  let now = BEFORE;
  let position: { epoch: string; seq: number } | null = null;
  let tries = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;
  let left = false;
  const tell = (change: Partial<Following>) => {
    now = { ...now, ...change };
    told(now);
  };
  const open = () => {
    const query = new URLSearchParams();
    if (meetingId) query.set("meeting_id", meetingId);
    if (position) query.set("after", `${position.epoch}:${position.seq}`);
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live?${query}`);
    socket = mine;
    mine.onmessage = (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as Message;
      if (message.type === "error") {
        if (message.status < 500) tell({ refused: message });
        return;
      }
      tries = 0;
      position = { epoch: "epoch" in message ? message.epoch : (position?.epoch ?? ""), seq: message.seq };
      if (message.type === "snapshot")
        tell({ connection: "open", state: loaded(message.state), snapshots: now.snapshots + 1, last: null });
      else if (message.type === "diff") tell({ connection: "open", state: applied(now.state, message), last: message });
      else tell({ connection: "open" });
    };
    mine.onclose = (event) => {
      if (left || (event.code >= 4400 && event.code < 4500)) return;
      tell({ connection: now.connection === "connecting" ? "connecting" : "lost" });
      waiting = setTimeout(open, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      tries += 1;
    };
  };
  open();
  return () => {
    left = true;
    clearTimeout(waiting);
    socket?.close();
  };
}
