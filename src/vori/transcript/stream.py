"""Where utterances begin and end, from voice activity alone: the same sound is cut the same way. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field

from vori.transcript.model import SAMPLE_RATE, WINDOW

SPEECH, STILL_SPEECH = 0.5, 0.35
"""Probability at which speech is taken to begin, and down to which it goes on."""
PRE_ROLL = SAMPLE_RATE
"""Samples taken in before the first window of speech: it is noticed late, and some quiet helps to recognise it."""
TAIL = int(0.2 * SAMPLE_RATE)
"""Samples taken in after the last one."""
LEAST = 6
"""Windows of speech that make an utterance; less is a knock or a cough."""
LONGEST = 14 * SAMPLE_RATE
"""Samples of the longest utterance."""
LOOK_BACK = 5 * SAMPLE_RATE // WINDOW
"""Windows before `LONGEST` among which the least speech-like place is sought, to cut there."""
FIRST_PART, PART_EVERY = 4 * SAMPLE_RATE, 3 * SAMPLE_RATE
"""Samples of speech after which the older words of what is being said get their final form, and so on from there."""
RECENT = int(1.5 * SAMPLE_RATE)
"""Samples at the end of such a part whose words may still come out differently."""
DRAFT_EVERY = int(0.5 * SAMPLE_RATE)
"""Samples of new sound that make another draft worth while."""


def patience(samples: int) -> int:
    """Samples of silence that end an utterance of this length: the longer it is, the sooner a pause will do."""
    share = min(1.0, max(0.0, (samples / SAMPLE_RATE - 3.0) / 4.0))
    return int((0.5 - 0.3 * share) * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Span:
    """An utterance's samples: [first, end), at 16 kHz since the stream began; speech begins at `onset`."""

    first: int
    end: int
    onset: int


@dataclass(slots=True)
class Segmenter:
    """Follows one stream, window by window. Its fields are all it remembers."""

    at: int = 0
    """First sample of the next window."""
    floor: int = 0
    """Where the last utterance ended: the next one begins no earlier."""
    first: int | None = None
    """First sample of the utterance that is going on."""
    onset: int = 0
    """First sample of its first window."""
    chances: list[float] = field(default_factory=list)
    """Probabilities of speech since then, one per window."""
    parted: int = 0
    """Where the last part of an utterance ended."""

    def hear(self, chance: float) -> Span | None:
        """Take in the next window's probability of speech; the utterance that it ends, if it ends one."""
        if self.first is None:
            if chance < SPEECH:
                self.at += WINDOW
                return None
            self.first, self.onset = max(self.floor, self.at - PRE_ROLL), self.at
        self.at += WINDOW
        self.chances.append(chance)
        end = self._speech_end()
        if self.at - end >= patience(end - self.onset):
            return self._close(min(end + TAIL, self.at))
        if self.at - self.first >= LONGEST:
            return self._cut()
        return None

    def stop(self) -> Span | None:
        """The sound breaks off here (a gap, or the stream's end): what was going on is over."""
        return None if self.first is None else self._close(min(self._speech_end() + TAIL, self.at))

    def skip_to(self, sample: int) -> None:
        """Go on at a later sample, after `stop`."""
        self.at = self.floor = sample

    def worth_hearing(self) -> bool:
        """Whether what is going on has enough speech in it to be one."""
        return self.first is not None and sum(chance >= SPEECH for chance in self.chances) >= LEAST

    def so_far(self) -> tuple[Span, int] | None:
        """What is going on, if it is worth hearing, and the samples of quiet at its end.

        From `TAIL` of quiet on it looks over: if it is, the utterance will be just this.
        """
        if self.first is None or not self.worth_hearing():
            return None
        end = self._speech_end()
        return Span(self.first, min(end + TAIL, self.at), self.onset), self.at - end

    def part(self) -> Span | None:
        """What is being said so far, once in a while: its older words can have their final form."""
        if self.first is None or self.chances[-1] < STILL_SPEECH or not self.worth_hearing():
            return None
        due = self.parted + PART_EVERY if self.parted > self.first else self.onset + FIRST_PART
        if self.at < due:
            return None
        self.parted = self.at
        return Span(self.first, self.at, self.onset)

    def needed_from(self) -> int:
        """Samples before this one will not be asked for any more."""
        return max(self.floor, self.at - PRE_ROLL) if self.first is None else self.first

    def _speech_end(self) -> int:
        quiet = next(
            (i for i, chance in enumerate(reversed(self.chances)) if chance >= STILL_SPEECH), len(self.chances)
        )
        return self.at - quiet * WINDOW

    def _close(self, end: int) -> Span | None:
        assert self.first is not None
        span = Span(self.first, end, self.onset) if self.worth_hearing() else None
        self.first, self.chances, self.floor = None, [], span.end if span else self.floor
        return span

    def _cut(self) -> Span:
        """Break a long utterance at its least speech-like place; the rest goes on as a new one.

        Not before words that are final already.
        """
        assert self.first is not None
        open_from = -(-(self.parted - RECENT - self.onset) // WINDOW)
        places = range(max(1, len(self.chances) - LOOK_BACK, open_from), len(self.chances) - 1)
        place = min(reversed(places), key=lambda here: sum(self.chances[here - 1 : here + 2]))
        here = self.onset + place * WINDOW
        span = Span(self.first, here + WINDOW // 2, self.onset)
        self.first = self.floor = span.end
        self.onset, self.chances = here, self.chances[place:]
        return span
