/** One stream of sound on its way: frames are kept until acknowledged, and sent again after a break. */
import type { AudioTold, Problem } from "@/api/schema";
import { RATE } from "@/ui/microphone";
import { hold, release } from "./unsent";

export const FRAME_MS = 100;
const HEADER_BYTES = 12;
const PAUSES_MS = [300, 1000, 2000, 5000];

type Told = AudioTold | ({ type: "error" } & Problem);

export interface Sending {
  connected: boolean;
  /** Frames that VORI doesn't have yet. */
  held: number;
  refused: Problem | null;
  done: boolean;
}

export class Sender {
  private socket: WebSocket | undefined;
  private ready = false;
  private ended = false;
  private tries = 0;
  private now: Sending = { connected: false, held: 0, refused: null, done: false };
  private settle: () => void = () => undefined;
  private readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  /** `unsent`: what an earlier life of the page left of this stream. */
  constructor(
    readonly meetingId: string,
    readonly streamId: string,
    readonly speaker: string | null,
    private readonly told: (now: Sending) => void,
    private readonly unsent = new Map<number, Uint8Array>(),
    private seq = Math.max(-1, ...unsent.keys()) + 1,
  ) {
    this.connect();
  }

  send(samples: ArrayBuffer): void {
    const frame = new Uint8Array(HEADER_BYTES + samples.byteLength);
    const header = new DataView(frame.buffer);
    header.setUint32(0, this.seq);
    header.setBigUint64(4, BigInt(this.seq * FRAME_MS));
    frame.set(new Uint8Array(samples), HEADER_BYTES);
    this.unsent.set(this.seq, frame);
    void hold({ meetingId: this.meetingId, streamId: this.streamId, seq: this.seq, frame, speaker: this.speaker });
    this.seq += 1;
    if (this.ready) this.socket?.send(frame);
    this.tell({});
  }

  /** No more sound; what is held is still brought in. Resolves once VORI has it all, or refuses it for good. */
  end(): Promise<void> {
    this.ended = true;
    if (this.ready) this.bye();
    return this.settled;
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/meetings/${this.meetingId}/audio`);
    this.socket = socket;
    socket.onopen = () =>
      socket.send(
        JSON.stringify({
          type: "hello",
          stream_id: this.streamId,
          codec: "pcm_s16le",
          sample_rate: RATE,
          ...(this.speaker ? { speaker: this.speaker } : {}),
        }),
      );
    socket.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data) as Told);
    socket.onclose = (event) => {
      this.ready = false;
      const forGood = event.code >= 4400 && event.code < 4500;
      if (forGood) void release(this.meetingId, this.streamId, Number.MAX_SAFE_INTEGER);
      if (this.now.done || forGood) {
        this.settle();
        return;
      }
      this.tell({ connected: false });
      setTimeout(() => this.connect(), PAUSES_MS[Math.min(this.tries, PAUSES_MS.length - 1)]);
      this.tries += 1;
    };
  }

  private hear(message: Told): void {
    if (message.type === "ready") {
      this.tries = 0;
      this.acknowledge(message.next_seq - 1);
      this.ready = true;
      this.seq = Math.max(this.seq, message.next_seq);
      for (const frame of this.unsent.values()) this.socket?.send(frame);
      if (this.ended) this.bye();
      this.tell({ connected: true });
    } else if (message.type === "ack") {
      this.acknowledge(message.seq);
      this.tell({});
    } else if (message.type === "done") {
      this.tell({ done: true });
      this.settle();
    } else if (message.type === "error") {
      this.tell({ refused: message });
    }
  }

  private bye(): void {
    this.socket?.send(JSON.stringify({ type: "bye" }));
  }

  private acknowledge(upTo: number): void {
    for (const seq of this.unsent.keys()) if (seq <= upTo) this.unsent.delete(seq);
    void release(this.meetingId, this.streamId, upTo);
  }

  private tell(change: Partial<Sending>): void {
    this.now = { ...this.now, ...change, held: this.unsent.size };
    this.told(this.now);
  }
}
