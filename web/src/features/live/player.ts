/** Plays a meeting's recording from any moment on. */
import { clipPlays, hush, watch } from "@/ui/clip";
import { type Silence, whySilent } from "@/ui/why-silent";

export const SPEEDS = [1, 1.25, 1.5, 2] as const;

export interface Playing {
  /** Ms since the meeting began; null: nothing was chosen to play. */
  atMs: number | null;
  on: boolean;
  speed: number;
  /** Why it can't be heard here. */
  silent: Silence | null;
}

export class Player {
  private sound: HTMLAudioElement | null = null;
  private fromMs = 0;
  private now: Playing = { atMs: null, on: false, speed: 1, silent: null };
  private readonly watchers = new Set<() => void>();

  constructor(private readonly meetingId: string) {}

  readonly state = (): Playing => this.now;

  readonly watch = (told: () => void): (() => void) => {
    this.watchers.add(told);
    const unwatch = watch(() => clipPlays() && this.sound?.pause());
    return () => {
      unwatch();
      this.watchers.delete(told);
    };
  };

  /** Exactly where it is, ms since the meeting began. */
  atMs(): number | null {
    return this.sound && this.fromMs + this.sound.currentTime * 1000;
  }

  playFrom(ms: number): void {
    hush();
    const at = Math.max(0, Math.round(ms));
    const held = this.sound;
    if (held && at >= this.fromMs && at < this.fromMs + held.duration * 1000)
      held.currentTime = (at - this.fromMs) / 1000;
    else this.load(at);
    this.tell({ atMs: at, silent: null });
    this.sound?.play().catch(() => undefined);
  }

  toggle(): void {
    if (!this.sound) return;
    if (!this.sound.paused) this.sound.pause();
    else if (this.sound.ended) this.playFrom(this.fromMs);
    else {
      hush();
      this.sound.play().catch(() => undefined);
    }
  }

  skip(seconds: number): void {
    const at = this.atMs();
    if (at !== null) this.playFrom(at + seconds * 1000);
  }

  setSpeed(speed: number): void {
    if (this.sound) this.sound.playbackRate = speed;
    this.tell({ speed });
  }

  close(): void {
    this.drop();
    this.tell({ atMs: null, on: false, silent: null });
  }

  private load(ms: number): void {
    this.drop();
    this.fromMs = ms;
    const url = `/api/meetings/${this.meetingId}/audio?from_ms=${ms}`;
    const sound = new Audio(url);
    sound.defaultPlaybackRate = this.now.speed;
    sound.ontimeupdate = () => this.tell({ atMs: this.atMs() });
    sound.onplaying = () => this.tell({ on: true, silent: null });
    sound.onpause = sound.onended = () => this.tell({ on: false });
    sound.onerror = () => {
      this.tell({ on: false });
      void whySilent(url).then((silent) => this.sound === sound && this.tell({ silent }));
    };
    this.sound = sound;
  }

  private drop(): void {
    const held = this.sound;
    this.sound = null;
    if (!held) return;
    held.ontimeupdate = held.onplaying = held.onpause = held.onended = held.onerror = null;
    held.pause();
    held.removeAttribute("src");
  }

  private tell(change: Partial<Playing>): void {
    this.now = { ...this.now, ...change };
    this.watchers.forEach((told) => told());
  }
}
