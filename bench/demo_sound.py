"""Speak the demo's scripts: writes each voice's Opus file and every line's times. See src/vori/sample/README.md."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

DEMO = Path(__file__).parent.parent / "src" / "vori" / "sample"
RATE = 16_000
LEAD_S, PAUSE_S, TAIL_S = 1.0, 1.4, 3.0

Samples = NDArray[np.int16]


def speak(made_by: str, text: str, into: Path) -> Samples:
    """A line as 16 kHz mono sound, at one loudness."""
    program, voice = made_by.split()
    orders = {
        "flite": ["flite", "-voice", voice, "--setf", "duration_stretch=1.05", "-t", text, "-o", str(into)],
        "espeak-ng": ["espeak-ng", "-v", voice, "-s", "145", "-w", str(into), text],
    }
    subprocess.run(orders[program], check=True)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(into)) as sound:
        frames = [out for frame in sound.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)
    heard = np.flatnonzero(np.abs(samples) > 200)
    samples = samples[max(0, heard[0] - 800) : heard[-1] + 800]
    loudness = float(np.sqrt(np.mean(samples**2)))
    return np.clip(samples * 2600 / loudness, -32000, 32000).astype(np.int16)


def save(samples: Samples, path: Path) -> None:
    with av.open(str(path), "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)


def make(script_path: Path) -> None:
    script = json.loads(script_path.read_text())
    lines, at = [], LEAD_S
    with tempfile.TemporaryDirectory() as folder:
        for line in script["lines"]:
            samples = speak(script["voices"][line["voice"]]["made_by"], line["text"], Path(folder) / "line.wav")
            lines.append((line, int(at * RATE), samples))
            line["start_ms"], line["end_ms"] = int(at * 1000), int(at * 1000 + len(samples) * 1000 / RATE)
            at += len(samples) / RATE + PAUSE_S
    for name, voice in script["voices"].items():
        whole = np.zeros(int((at + TAIL_S) * RATE), np.int16)
        for line, first, samples in lines:
            if line["voice"] == name:
                whole[first : first + len(samples)] = samples
        save(whole, DEMO / voice["file"])
    script_path.write_text(written(script))
    print(f"{script_path.name}: {at + TAIL_S:.1f} s, {len(lines)} lines")


def written(script: dict[str, Any]) -> str:
    """JSON with each line of the script on a line of its own."""
    lines = ",\n".join(f"    {json.dumps(line, ensure_ascii=False)}" for line in script["lines"])
    whole = json.dumps(script | {"lines": "LINES"}, ensure_ascii=False, indent=2)
    return whole.replace('"LINES"', f"[\n{lines}\n  ]") + "\n"


if __name__ == "__main__":
    for language in sys.argv[1:] or ("en", "ko"):
        make(DEMO / f"{language}.json")
