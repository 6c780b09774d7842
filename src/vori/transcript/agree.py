"""What holds of words before their utterance is over: some are stable, some already final. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from vori.transcript.model import SAMPLE_RATE, Begun, Recognition, Stretch, TimedWord
from vori.transcript.stream import RECENT

HELD_BACK = 1
"""Words at the end that two hearings must agree on and that are still kept back: the last one is often half said."""


@dataclass(slots=True)
class Agreement:
    """Follows the drafts of one utterance: two hearings in a row that agree on a word make it stable."""

    words: tuple[str, ...] = ()
    """Of the last draft, bare."""
    stable: int = 0
    """How many of them are stable."""

    def take(self, text: str, *, final: str = "", over: bool = False) -> str:
        """The stable beginning of the newest draft; what is `final` is so anyhow.

        If the utterance seems to be `over`, nothing is held back.
        """
        shown = text.split()
        words = tuple(_bare(word) for word in shown)
        same = 0
        while same < min(len(words), len(self.words)) and words[same] == self.words[same]:
            same += 1
        kept = self.stable if same >= self.stable else 0
        self.stable = max(kept, same if over else same - HELD_BACK, len(final.split()))
        self.words = words
        return " ".join(shown[: self.stable])


def begin(found: Recognition, first: int, end: int, before: Begun | None) -> Begun | None:
    """What is final of an utterance that goes on, by a hearing of its samples from `first` to `end`: words that were
    so `before`, and those after them but the most recent. None: nothing yet.
    """
    known = len(before.words) if before else 0
    said = (end - first - RECENT) / SAMPLE_RATE
    more = tuple(takewhile(lambda word: word.end <= said, found.words[known:]))
    return Begun(first, end, found.language, (before.words if before else ()) + more) if more else before


def go_on(begun: str, text: str) -> str:
    """A draft that begins with words that are final: `text` is a hearing of all of it, which may differ there.

    What goes on is what `text` has behind its nearest match of them, in words to be changed.
    """
    words = text.split()
    return " ".join([*begun.split(), *words[_behind(begun, words) :]])


def keep_to(stretch: Stretch, found: Recognition) -> Recognition:
    """What a recogniser found that can't go on from given words (another one began), behind those that are final."""
    begun, words = stretch.begun, found.text.split()
    if begun is None:
        return found
    place = _behind(begun.text, words)
    timed = found.words[place:] if len(found.words) == len(words) else ()
    if words[place:] and not timed:
        timed = (TimedWord(" ".join(words[place:]), begun.words[-1].end, len(stretch.samples) / SAMPLE_RATE),)
    return Recognition(go_on(begun.text, found.text), begun.language, begun.words + timed)


def _behind(begun: str, words: Sequence[str]) -> int:
    """How many of the words say what was begun, as nearly as any number does."""
    bare = [_bare(word) for word in words]
    costs = list(range(len(words) + 1))
    """What it takes to make the final words so far out of the first 0, 1, 2… of the text."""
    for done, word in enumerate(map(_bare, begun.split()), 1):
        row = [done]
        for place, other in enumerate(bare):
            row.append(min(costs[place] + (word != other), costs[place + 1] + 1, row[place] + 1))
        costs = row
    least = min(costs)
    return max(place for place, cost in enumerate(costs) if cost == least)


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.lower()) or word
