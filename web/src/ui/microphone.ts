/** A microphone, or the sound of another tab, as 100 ms pieces of 16 kHz sound. */
export const RATE = 16_000;
const KEPT = "vori.microphone";

export type Source = { kind: "microphone"; deviceId: string | null } | { kind: "tab" };

export interface Piece {
  samples: ArrayBuffer;
  /** 0 to 1. */
  peak: number;
}

/** Why there is no sound: not allowed, no device, or something else (the browser's own words). */
export class NoSound extends Error {
  constructor(
    readonly why: "denied" | "missing" | "other",
    message: string,
  ) {
    super(message);
  }
}

export class Capture {
  private constructor(
    private readonly media: MediaStream,
    private readonly context: AudioContext,
  ) {}

  /** Raises `NoSound`. `ended` is called when the device goes away, or the tab's sharing is stopped. */
  static async open(source: Source, heard: (piece: Piece) => void, ended: () => void): Promise<Capture> {
    const media = await asked(source);
    const context = new AudioContext({ sampleRate: RATE });
    await context.audioWorklet.addModule("/recorder.js");
    const recorder = new AudioWorkletNode(context, "recorder", { channelCount: 1, channelCountMode: "explicit" });
    recorder.port.onmessage = (event: MessageEvent<Piece>) => heard(event.data);
    context.createMediaStreamSource(media).connect(recorder);
    media.getAudioTracks().forEach((track) => track.addEventListener("ended", ended));
    await context.resume();
    return new Capture(media, context);
  }

  /** Muted sound is silence: the stream goes on, so that times stay true. */
  mute(muted: boolean): void {
    this.media.getAudioTracks().forEach((track) => (track.enabled = !muted));
  }

  async close(): Promise<void> {
    this.media.getTracks().forEach((track) => track.stop());
    await this.context.close();
  }
}

/** The microphone that this browser's user chose; null: whichever the browser takes. */
export function keptMicrophone(): string | null {
  return localStorage.getItem(KEPT);
}

export function keepMicrophone(deviceId: string | null): void {
  if (deviceId) localStorage.setItem(KEPT, deviceId);
  else localStorage.removeItem(KEPT);
}

async function asked(source: Source): Promise<MediaStream> {
  const cleaned = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    if (source.kind === "microphone") {
      const usual = keptMicrophone(); // it may be unplugged by now, which is no reason to hear nothing
      const device = source.deviceId ? { exact: source.deviceId } : usual ? { ideal: usual } : undefined;
      return await navigator.mediaDevices.getUserMedia({ audio: device ? { ...cleaned, deviceId: device } : cleaned });
    }
    const shared = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
    if (shared.getAudioTracks().length === 0) {
      shared.getTracks().forEach((track) => track.stop());
      throw new NoSound("missing", "no audio was shared");
    }
    return shared;
  } catch (error) {
    if (error instanceof NoSound) throw error;
    const name = error instanceof DOMException ? error.name : "";
    const why = name === "NotAllowedError" ? "denied" : name === "NotFoundError" ? "missing" : "other";
    throw new NoSound(why, String(error));
  }
}

/** The microphones there are; their names are known only once one was allowed. */
export async function microphones(): Promise<MediaDeviceInfo[]> {
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "audioinput");
}
