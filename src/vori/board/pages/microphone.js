// Sound in: the microphone as 100 ms frames on the audio WebSocket; what isn't acknowledged is sent again.
import { words } from "./words.js";

const RATE = 16000;
const FRAME_MS = 100;
const HEADER_BYTES = 12;
const PAUSE_MS = 1000;

export class Microphone {
  constructor(meetingId, told) {
    this.meetingId = meetingId;
    this.told = told;
    this.on = false;
  }

  async toggle() {
    if (this.on) return this.stop();
    try {
      await this.start();
      this.on = true;
    } catch {
      this.told(words.noMicrophone);
    }
  }

  async start() {
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.media = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    this.context = new AudioContext({ sampleRate: RATE });
    await this.context.audioWorklet.addModule("/pages/recorder.js");
    const recorder = new AudioWorkletNode(this.context, "recorder");
    recorder.port.onmessage = (event) => this.take(event.data);
    this.context.createMediaStreamSource(this.media).connect(recorder);
    this.streamId = `page-${crypto.randomUUID()}`;
    this.seq = 0;
    this.unacknowledged = new Map();
    this.ended = false;
    this.connect();
  }

  async stop() {
    this.on = false;
    this.media.getTracks().forEach((track) => track.stop());
    await this.context.close();
    this.ended = true;
    if (this.ready) this.socket.send(JSON.stringify({ type: "bye" }));
  }

  take(samples) {
    const frame = new Uint8Array(HEADER_BYTES + samples.byteLength);
    const header = new DataView(frame.buffer);
    header.setUint32(0, this.seq);
    header.setBigUint64(4, BigInt(this.seq * FRAME_MS));
    frame.set(new Uint8Array(samples), HEADER_BYTES);
    this.unacknowledged.set(this.seq, frame);
    this.seq += 1;
    if (this.ready) this.socket.send(frame);
  }

  connect() {
    this.ready = false;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/api/meetings/${this.meetingId}/audio`);
    this.socket.onopen = () =>
      this.socket.send(JSON.stringify({ type: "hello", stream_id: this.streamId, codec: "pcm_s16le", sample_rate: RATE }));
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = (event) => {
      this.ready = false;
      const refused = event.code >= 4400 && event.code < 4500;
      if (refused && this.on) this.toggle();
      else if (!refused && event.code !== 1000) setTimeout(() => this.connect(), PAUSE_MS);
    };
  }

  hear(message) {
    if (message.type === "ready") {
      this.acknowledge(message.next_seq - 1);
      this.ready = true;
      for (const frame of this.unacknowledged.values()) this.socket.send(frame);
      if (this.ended) this.socket.send(JSON.stringify({ type: "bye" }));
    } else if (message.type === "ack") {
      this.acknowledge(message.seq);
    } else if (message.type === "error") {
      this.told([message.detail, message.remedy].filter(Boolean).join(" "));
    }
  }

  acknowledge(seq) {
    for (const held of this.unacknowledged.keys()) if (held <= seq) this.unacknowledged.delete(held);
  }
}
