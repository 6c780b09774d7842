"""What a stream said just before: it helps to hear what comes next. Pure but for the form it is kept in."""

from __future__ import annotations

from typing import Any

import numpy as np

from vori.events import Language
from vori.transcript.model import SAMPLE_RATE, Recognition, Said, Stretch

LONGEST = 7 * SAMPLE_RATE
"""Samples of context."""
SOUND_HELPS: frozenset[Language] = frozenset({"ko"})
"""Languages in which recognition gains from hearing again what was just said."""


def after(before: tuple[Said, ...], stretch: Stretch, found: Recognition) -> tuple[Said, ...]:
    """The context for what follows a stretch: whole utterances of one language. Nothing said changes nothing."""
    if not found.text:
        return before
    samples = stretch.samples if found.language in SOUND_HELPS else stretch.samples[:0]
    context = [Said(found.text, found.language, samples)]
    length = len(samples)
    for said in reversed(before):
        length += len(said.samples)
        if length > LONGEST or said.language != found.language or not len(said.samples):
            break
        context.insert(0, said)
    return tuple(context)


def keep(before: tuple[Said, ...]) -> tuple[list[dict[str, Any]], bytes]:
    """A context as JSON-ready notes and bytes, for `recall`."""
    sound = [np.rint(said.samples * 32768).astype("<i2").tobytes() for said in before]
    notes = [
        {"text": said.text, "language": said.language, "bytes": len(kept)}
        for said, kept in zip(before, sound, strict=True)
    ]
    return notes, b"".join(sound)


def recall(notes: list[dict[str, Any]], kept: bytes) -> tuple[tuple[Said, ...], bytes]:
    """The context that `keep` kept, and the bytes after it."""
    before = []
    for note in notes:
        sound, kept = kept[: note["bytes"]], kept[note["bytes"] :]
        samples = np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)
        before.append(Said(note["text"], note["language"], samples))
    return tuple(before), kept
