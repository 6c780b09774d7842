"""How much speech a model can keep up with on this machine: measured on some speech, and what follows from it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vori.errors import Invalid
from vori.events import Language
from vori.transcript.context import after
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import SAMPLE_RATE, Recogniser, Recognition, Said, Stretch
from vori.transcript.schedule import TOGETHER
from vori.transcript.silero import Silero

BLOCK = SAMPLE_RATE // 10
"""Samples taken in at a time, as they come from a microphone."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Speed:
    """What recognition costs, in seconds of one core."""

    listening: float
    """Per second of sound, speech or not."""
    drafts: float
    """Per second of speech, while nothing waits; decoded together, as those of several streams are."""
    finals: float
    """Per second of speech."""
    final_s: float
    """Per utterance."""
    speech_s: float
    """Seconds of speech that this was measured on."""

    def streams(self, *, drafts: bool = True) -> float:
        """Streams that one core keeps up with if everybody speaks all the time: an estimate."""
        return 1 / (self.listening + self.finals + (self.drafts if drafts else 0.0))


def measure(
    sounds: Sequence[NDArray[np.int16]],
    recogniser: Recogniser,
    language: Language,
    *,
    budget_s: float,
) -> Speed:
    """Hear sounds (mono, 16 kHz) as the transcriber does when nothing waits; with a slow model, part of them.

    After `budget_s` no more is heard once there was an utterance. Raises `Invalid` if nobody speaks.
    """
    run = _Run(recogniser, language, budget_s)
    for sound in sounds:
        run.hear(sound)
    run.draft()
    if not run.utterances:
        raise Invalid("Nobody speaks in that sound.")
    return Speed(
        listening=run.spent["listening"] / run.sound_s,
        drafts=run.spent["drafts"] / run.speech_s,
        finals=run.spent["finals"] / run.speech_s,
        final_s=run.spent["finals"] / run.utterances,
        speech_s=run.speech_s,
    )


def cores() -> int:
    """Of this machine, as far as this process may use them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def note(home: Path, model: str, language: Language, speed: Speed) -> None:
    """Keep a measurement for `noted`."""
    kept = noted(home)
    kept.setdefault(model, {})[language] = speed
    plain = {name: {spoken: asdict(one) for spoken, one in speeds.items()} for name, speeds in kept.items()}
    (home / "models").mkdir(parents=True, exist_ok=True)
    (home / "models" / "speed.json").write_text(json.dumps(plain, indent=1))


def noted(home: Path) -> dict[str, dict[Language, Speed]]:
    """What was measured in this VORI home, by model and language; what can't be read was not measured."""
    try:
        kept = json.loads((home / "models" / "speed.json").read_text())
        return {name: {spoken: Speed(**one) for spoken, one in speeds.items()} for name, speeds in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


class _Run:
    """A measurement that goes on."""

    def __init__(self, recogniser: Recogniser, language: Language, budget_s: float) -> None:
        self.spent = {"listening": 0.0, "drafts": 0.0, "finals": 0.0}
        self.sound_s = self.speech_s = 0.0
        self.utterances = 0
        self._drafts: list[Stretch] = []
        self._recogniser = recogniser
        self._language = language
        self._budget_s = budget_s
        self._silero = Silero()
        self._clock = time.perf_counter if "cuda" in recogniser.name else time.process_time

    def hear(self, sound: NDArray[np.int16]) -> None:
        ear = Ear(self._silero, language=self._language)
        before: tuple[Said, ...] = ()
        early: tuple[Heard, Recognition] | None = None
        for at in range(0, len(sound) + BLOCK, BLOCK):
            if self.utterances and sum(self.spent.values()) > self._budget_s:
                return
            block = np.asarray(sound[at : at + BLOCK])
            self.sound_s += len(block) / SAMPLE_RATE
            ended = self._timed("listening", ear.hear, block) if len(block) else self._timed("listening", ear.end)
            for heard in ended:
                if early and (early[0].first, early[0].end) == (heard.first, heard.end):
                    found = early[1]
                else:
                    found = self._timed("finals", self._recogniser.final, replace(heard.stretch, before=before))
                before, early = after(before, heard.stretch, found), None
                self.utterances += 1
                self.speech_s += (heard.end - heard.first) / SAMPLE_RATE - heard.onset
            wish, ear.draft = ear.draft, None
            if wish and wish.over:
                early = wish, self._timed("finals", self._recogniser.final, replace(wish.stretch, before=before))
            elif wish:
                self._drafts.append(replace(wish.stretch, before=before))
            if len(self._drafts) == TOGETHER:
                self.draft()

    def draft(self) -> None:
        """Give those that wait their drafts."""
        if self._drafts:
            self._timed("drafts", self._recogniser.drafts, self._drafts)
            self._drafts = []

    def _timed(self, what: str, work: Callable[..., T], *given: Any) -> T:
        began = self._clock()
        done = work(*given)
        self.spent[what] += self._clock() - began
        return done
