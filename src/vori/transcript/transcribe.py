"""A whole recording to final words, in this process and without any server: it is heard like a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vori.events import Language
from vori.transcript.context import after
from vori.transcript.ear import Ear
from vori.transcript.model import SAMPLE_RATE, Recogniser, Said
from vori.transcript.silero import Silero
from vori.transcript.subtitles import Line


def transcribe(
    samples: NDArray[np.int16],
    recogniser: Recogniser,
    language: Language | None = None,
    vocabulary: tuple[str, ...] = (),
) -> Iterator[Line | float]:
    """The utterances in 16 kHz mono s16 samples, and after each second of them how many seconds are done.

    The same samples and vocabulary give the same words. `language` pins it; else each utterance's is told from its
    sound.
    """
    ear = Ear(Silero(), language=language)
    before: tuple[Said, ...] = ()
    for at in range(0, len(samples) + SAMPLE_RATE, SAMPLE_RATE):
        block = samples[at : at + SAMPLE_RATE]
        for heard in ear.hear(np.asarray(block)) if len(block) else ear.end():
            found = recogniser.final(replace(heard.stretch, before=before, vocabulary=vocabulary))
            if found.text:
                before = after(before, heard.stretch, found)
                words = heard.words(found)
                yield Line(words[0].start_ms, words[-1].end_ms, found.text, language=found.language, words=words)
        yield min(at + SAMPLE_RATE, len(samples)) / SAMPLE_RATE
