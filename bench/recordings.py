"""Recordings with known words, and what somebody who listened to one of them being played was shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 16_000
TAIL_S = 3.0
"""Silence after the last word, so that every system can tell that it was the last."""
NEAR_END_S = 0.3
"""A word that ends so near the end of an extract may not be whole."""
PATIENCE_S = 60.0
"""For the last words, after the last sound."""


@dataclass(frozen=True)
class Recording:
    name: str
    reference: dict[str, Any]
    """`lang` (en, ko), `words`, and `ends`: seconds, one per word."""
    sound: NDArray[np.int16]
    """Mono, 16 kHz."""

    @property
    def language(self) -> str:
        return str(self.reference["lang"])

    @property
    def seconds(self) -> float:
        return len(self.sound) / RATE

    @property
    def spoken_s(self) -> float:
        """Seconds without the silence that `load` added."""
        return self.seconds - TAIL_S


def load(path: Path, seconds: float = 1e6) -> Recording:
    """A FLAC (16 kHz, mono) with its words in a JSON beside it; only its first `seconds`. Some silence is added."""
    for file in (path, path.with_suffix(".json")):
        if not file.is_file():
            raise SystemExit(f"There is no {file}. A recording is a FLAC with a JSON beside it that has its words.")
    sound, rate = soundfile.read(path, dtype="int16", frames=int(min(seconds, 1e6) * RATE))
    if rate != RATE or sound.ndim != 1:
        raise SystemExit(f"{path} isn't mono sound of 16 kHz.")
    reference = cut(json.loads(path.with_suffix(".json").read_text()), len(sound) / RATE)
    return Recording(path.stem, reference, np.pad(sound, (0, int(TAIL_S * RATE))))


def cut(reference: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The part of a reference that lies in the first `seconds`."""
    words = sum(end <= seconds - NEAR_END_S for end in reference["ends"])
    return reference | {"words": reference["words"][:words], "ends": reference["ends"][:words]}


@dataclass
class Shown:
    """What was shown of one recording, as it changed."""

    events: list[dict[str, Any]] = field(default_factory=list)
    """`t` (seconds since the first sample was sent) and the whole text: `final` words, and after them the `draft`,
    the beginning of which may be `stable`."""
    after_speech: list[float] = field(default_factory=list)
    """Seconds from the last word of each utterance (by the system's own clock) to its final form, where it tells."""

    def show(self, t: float, final: str, draft: str = "", stable: str = "") -> None:
        """Note what stands there now, if it is anything new."""
        said = {"final": final, "stable": stable, "draft": draft}
        if not self.events or said != {key: self.events[-1][key] for key in said}:
            self.events.append({"t": t} | said)
