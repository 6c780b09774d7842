"""What another hearing of a meeting found, and what it would change in the transcript. Pure: no I/O."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from vori.events import Language, Word
from vori.transcript.correct import Utterance

State = Literal["queued", "running", "ready", "failed", "accepted", "discarded"]
Kind = Literal["same", "corrected", "added", "withdrawn", "kept"]

ENOUGH = 0.2
"""The part of the shorter one that an utterance and a stretch must share to be about the same speech."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


@dataclass(frozen=True, slots=True)
class Retranscription:
    """A meeting being heard again."""

    retranscription_id: UUID
    workspace_id: UUID
    meeting_id: UUID
    model: str | None
    """As it was asked for; None: the one that VORI_SPEECH_MODEL names."""
    language: Language | None
    """Pinned for all streams; None: as it was for the meeting."""
    state: State
    created_at: datetime
    finished_at: datetime | None = None
    done_ms: int = 0
    total_ms: int = 0
    """Of sound, over all streams; 0 before it runs."""
    recogniser: str | None = None
    """The name of what heard it, known when it is ready."""
    reason: str | None = None
    """Why it failed."""


class Reheard(_Frozen):
    """What was found in a stretch of speech; times are ms since the meeting began."""

    stream: UUID
    from_ms: int
    """The stretch, from its first sample to its last."""
    to_ms: int
    language: Language
    text: str
    words: tuple[Word, ...]

    def utterance_id(self, retranscription_id: UUID) -> UUID:
        """Its id if it becomes an utterance: the same whenever it does."""
        return uuid5(retranscription_id, f"utterance:{self.stream}:{self.from_ms}")


class WordChange(_Frozen):
    """Some words in a row that both texts have, or only one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


class Change(_Frozen):
    """What accepting would do to one utterance.

    `same`: nothing. `corrected`: it gets the text `after`. `added`: it is new. `withdrawn`: nothing was heard there any
    more, and it leaves the transcript. `kept`: a person has corrected it, so it stays, whatever was heard.
    """

    kind: Kind
    utterance_id: UUID | None
    """None for one that is new."""
    start_ms: int
    end_ms: int
    before: str
    after: str
    """What the other hearing found, also where it isn't taken over."""
    words: tuple[WordChange, ...]
    new: Reheard | None = None
    """What an added one is made of."""


def compare(old: Sequence[Utterance], new: Sequence[Reheard]) -> list[Change]:
    """One stream's changes, in order of time; `old` has withdrawn utterances too, with no text.

    A stretch heard anew belongs to the utterances that it shares enough time with. If there are several, each of its
    words goes to the nearest.
    """
    old = sorted(old, key=lambda said: (said.start_ms, said.utterance_id))
    starts = [said.start_ms for said in old]
    ends = list(accumulate((said.end_ms for said in old), max))
    found: dict[UUID, list[str]] = {said.utterance_id: [] for said in old}
    changes: list[Change] = []
    for heard in sorted(new, key=lambda heard: heard.from_ms):
        near = old[bisect_left(ends, heard.from_ms) : bisect_right(starts, heard.to_ms)]
        mine = [said for said in near if _same_speech(said, heard)]
        if not mine:
            changes.append(_added(heard))
        elif len(mine) == 1:
            found[mine[0].utterance_id].append(heard.text)
        else:
            for word in heard.words:
                nearest = min(mine, key=lambda said: _distance(said, word))
                found[nearest.utterance_id].append(word.text)
    changes += [_changed(said, " ".join(found[said.utterance_id])) for said in old]
    return sorted((change for change in changes if change.before or change.after), key=lambda change: change.start_ms)


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """How one text becomes the other, word by word."""
    was, is_ = before.split(), after.split()
    changes: list[WordChange] = []
    for kind, first, end, place, beyond in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if kind == "equal":
            changes.append(WordChange(kind="same", text=" ".join(was[first:end])))
            continue
        if first < end:
            changes.append(WordChange(kind="removed", text=" ".join(was[first:end])))
        if place < beyond:
            changes.append(WordChange(kind="added", text=" ".join(is_[place:beyond])))
    return tuple(changes)


def _same_speech(said: Utterance, heard: Reheard) -> bool:
    end_ms, to_ms = max(said.end_ms, said.start_ms + 1), max(heard.to_ms, heard.from_ms + 1)
    shared = min(end_ms, to_ms) - max(said.start_ms, heard.from_ms)
    return shared >= ENOUGH * min(end_ms - said.start_ms, to_ms - heard.from_ms)


def _distance(said: Utterance, word: Word) -> int:
    """From a word's middle to an utterance, in ms; 0 inside."""
    middle = (word.start_ms + word.end_ms) // 2
    return max(said.start_ms - middle, middle - said.end_ms, 0)


def _added(heard: Reheard) -> Change:
    return Change(
        kind="added",
        utterance_id=None,
        start_ms=heard.words[0].start_ms,
        end_ms=heard.words[-1].end_ms,
        before="",
        after=heard.text,
        words=word_changes("", heard.text),
        new=heard,
    )


def _changed(said: Utterance, after: str) -> Change:
    kind: Kind = "corrected" if after else "withdrawn"
    if after == said.text:
        kind = "same"
    elif said.by_a_person:
        kind = "kept"
    return Change(
        kind=kind,
        utterance_id=said.utterance_id,
        start_ms=said.start_ms,
        end_ms=said.end_ms,
        before=said.text,
        after=after,
        words=word_changes(said.text, after),
    )
