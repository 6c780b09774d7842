"""Figures about what was shown of recordings, by the evaluation's own scorer; several recordings count as one."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recordings import Recording, Shown

LATER_S = 2.0
"""By how much the quickest words come later in the end than in the beginning, when work piles up."""
NEVER_S = 15.0
"""Words at the end of a recording, none of which became final, when work piles up."""


@dataclass(frozen=True)
class Delays:
    """Seconds from the end of each matched word of one recording (its number) to when it first stood there."""

    draft: dict[int, float]
    stable: dict[int, float]
    final: dict[int, float]


class Scorer:
    """`folder`/score_transcript.py, loaded: its matching of words, its error rate, its quantiles."""

    def __init__(self, folder: Path) -> None:
        file = folder / "score_transcript.py"
        if not file.is_file():
            raise SystemExit(f"There is no {file}. Name the folder of the evaluation's scorer by --eval.")
        self._scorer = runpy.run_path(str(file))

    def delays(self, recording: Recording, shown: Shown) -> Delays:
        words, ends = self._reference(recording), recording.reference["ends"]

        def first(*fields: str) -> dict[int, float]:
            def text(event: dict[str, Any]) -> str:
                return " ".join(event[field] for field in fields)

            seen = self._scorer["first_seen"](shown.events, words, recording.language, text)
            return {number: t - ends[number] for number, t in seen.items()}

        return Delays(first("final", "draft"), first("final", "stable"), first("final"))

    def figures(self, recordings: Sequence[Recording], shown: Sequence[Shown]) -> dict[str, Any]:
        """Of recordings in one language: error in %, delays in seconds, flicker per word, rewrites in words."""
        language = recordings[0].language
        delays = [self.delays(*pair) for pair in zip(recordings, shown, strict=True)]
        rates, weights = zip(*(self._error(*pair) for pair in zip(recordings, shown, strict=True)), strict=True)
        error = sum(rate * weight for rate, weight in zip(rates, weights, strict=True)) / sum(weights)
        words = sum(len(recording.reference["words"]) for recording in recordings)
        flicker = sum(self._changed(language, seen, "final", "draft") for seen in shown)
        return {
            "lang": language,
            "cer" if language == "ko" else "wer": round(100 * error, 1),
            **self.quantiles("draft", (delay.draft for delay in delays)),
            **self.quantiles("stable", (delay.stable for delay in delays)),
            **self.quantiles("final", (delay.final for delay in delays)),
            **self.quantiles("after_speech", (dict(enumerate(seen.after_speech)) for seen in shown)),
            "flicker": round(flicker / words, 2),
            "rewrites": sum(self._changed(language, seen, "final") for seen in shown),
            "words": words,
            "matched": sum(len(delay.final) for delay in delays),
        }

    def quantiles(self, name: str, delays: Iterable[dict[int, float]]) -> dict[str, float | None]:
        pooled = [seconds for of_one in delays for seconds in of_one.values()]
        return {f"{name}_p{q}": self._scorer["quantile"](pooled, q / 100) for q in (50, 95)}

    def _reference(self, recording: Recording) -> list[str]:
        """The words as they are compared; one that is written as several stays one."""
        compared = self._scorer["words"]
        return [" ".join(compared(word, recording.language)) or word for word in recording.reference["words"]]

    def _error(self, recording: Recording, shown: Shown) -> tuple[float, int]:
        """A recording's error rate, and the weight that it has among others."""
        said = " ".join(recording.reference["words"])
        heard = shown.events[-1]["final"] if shown.events else ""
        rate: float = self._scorer["error_rate"](said, heard, recording.language)
        compared = self._scorer["words"](said, recording.language)
        return rate, len("".join(compared)) if recording.language == "ko" else len(compared)

    def _changed(self, language: str, shown: Shown, *fields: str) -> int:
        def text(event: dict[str, Any]) -> str:
            return " ".join(event[field] for field in fields)

        return int(self._scorer["changed"](shown.events, language, text))


def growing(recordings: Sequence[Recording], finals: Sequence[dict[int, float]]) -> bool:
    """Whether work piles up: in the last third of the recordings even the words that became final quickly took longer
    than those of the first third, or a recording's last words never came. (Sentences differ too much in length for
    other words to tell.)
    """
    begun, ended = list[float](), list[float]()
    for recording, final in zip(recordings, finals, strict=True):
        ends = recording.reference["ends"]
        if ends[-1] - max((ends[number] for number in final), default=0.0) > NEVER_S:
            return True
        begun += [delay for number, delay in final.items() if ends[number] <= ends[-1] / 3]
        ended += [delay for number, delay in final.items() if ends[number] > ends[-1] * 2 / 3]
    return not begun or not ended or _tenth(ended) - _tenth(begun) > LATER_S


def _tenth(values: list[float]) -> float:
    return sorted(values)[len(values) // 10]
