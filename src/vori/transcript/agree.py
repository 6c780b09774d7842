"""Which words of a draft are stable: two hearings in a row agree on them. Pure: no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass

HELD_BACK = 1
"""Words at the end that two hearings must agree on and that are still kept back: the last one is often half said."""


@dataclass(slots=True)
class Agreement:
    """Follows the drafts of one utterance."""

    words: tuple[str, ...] = ()
    """Of the last draft, bare."""
    stable: int = 0
    """How many of them are stable."""

    def take(self, text: str, *, over: bool = False) -> str:
        """The stable beginning of the newest draft. If the utterance seems to be `over`, nothing is held back."""
        shown = text.split()
        words = tuple(_bare(word) for word in shown)
        same = 0
        while same < min(len(words), len(self.words)) and words[same] == self.words[same]:
            same += 1
        kept = self.stable if same >= self.stable else 0
        self.stable = max(kept, same if over else same - HELD_BACK)
        self.words = words
        return " ".join(shown[: self.stable])


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.lower()) or word
