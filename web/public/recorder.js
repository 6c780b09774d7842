// In the audio thread: gathers 100 ms of 16-bit samples at a time, with how loud they were.
class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Int16Array(sampleRate / 10);
    this.filled = 0;
    this.peak = 0;
  }

  process([[channel]]) {
    for (const value of channel ?? []) {
      const held = Math.max(-1, Math.min(1, value));
      this.peak = Math.max(this.peak, Math.abs(held));
      this.samples[this.filled] = held * 32767;
      this.filled += 1;
      if (this.filled === this.samples.length) {
        const copy = this.samples.slice();
        this.port.postMessage({ samples: copy.buffer, peak: this.peak }, [copy.buffer]);
        this.filled = 0;
        this.peak = 0;
      }
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
