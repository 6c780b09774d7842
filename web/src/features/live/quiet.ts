/** Frames of silence, as many as time passes: a stream that is paused keeps its place in the meeting. */
import { FRAME_MS } from "./sender";

const EVERY_MS = 1000;

export class Quiet {
  private sentMs = performance.now();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(private readonly send: () => void) {
    this.timer = setInterval(() => this.catchUp(), EVERY_MS);
  }

  end(): void {
    clearInterval(this.timer);
    this.catchUp();
  }

  private catchUp(): void {
    for (; this.sentMs + FRAME_MS <= performance.now(); this.sentMs += FRAME_MS) this.send();
  }
}
