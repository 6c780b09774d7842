"""A meeting in numbers, from its events one by one: in whatever order they come, and however often. Pure: no I/O.

Times in here are µs since 1970; a watermark is a time before which no event comes any more.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from vori.analytics.model import OVERLAP_MS, LiveNumbers
from vori.analytics.stopwords import STOP
from vori.events import LiveVoice
from vori.minutes.cues import decides, sentences

WINDOW_US = 5 * 60 * 1_000_000
RECENT_MS = 120_000
"""What was said in so long is what is talked about now."""
HOUR = 3600 * 1_000_000
KEPT_US, OPEN_US = HOUR, 24 * HOUR
"""A meeting is forgotten when nothing happened for so long: after its end, and while it goes on."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNTS = ("utterances", "talk_ms", "questions", "created", "moved", "done", "decisions")
WORD = re.compile(r"[a-z][a-z'-]{3,}|[가-힣]{2,}")
PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:에서는|에서|으로|에게|까지|부터|이랑|하고|은|는|이|가|을|를|에|의|도|로|와|과|만)$"
)
VERB = re.compile(r"(?:다|요|죠|고|서|면|게|까|네|니다|습니다|는데|지만|해야|하는|했던|있는|없는)$")


class Fact(NamedTuple):
    """What is read of an event; None where it has none."""

    type: str
    event_id: str
    at: int
    who: str | None = None
    stream: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    question: bool | None = None
    text: str | None = None
    before: str | None = None
    after: str | None = None
    """A ticket's statuses."""
    decisions: int | None = None


@dataclass(slots=True)
class Running:
    """What has to be known of a meeting to tell its numbers, small enough to be read and written at each step.

    Work done outside of meetings has one, too: it never began, so it has no numbers, only pieces.
    """

    began: int = 0
    over: bool = False
    at: int = 0
    """Of the last event."""
    watermark: int = 0
    """As it was when the last events came: none older comes now."""
    seen: dict[str, int] = field(default_factory=dict)
    """Events from then on, by id: what comes again is no news."""
    said: list[list[Any]] = field(default_factory=list)
    """Start, end, voice, stream; in this order it is read."""
    recent: list[list[Any]] = field(default_factory=list)
    """Start and words of what was said lately."""
    questions: int = 0
    created: int = 0
    moved: int = 0
    decided_ms: int | None = None
    pieces: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """By voice and window: `COUNTS`, of the windows that may still change. Tickets and decisions are nobody's: ''."""

    @classmethod
    def load(cls, text: str) -> Running:
        return cls(**json.loads(text))

    def dump(self) -> str:
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def take(self, facts: Iterable[Fact]) -> set[tuple[str, str]]:
        """Count what is new; the voices and windows that it changed (windows as µs, in text)."""
        touched = {piece for fact in facts if (piece := self._take(fact)) is not None}
        since = max((start for start, _ in self.recent), default=0) - RECENT_MS
        self.recent = sorted(one for one in self.recent if one[0] >= since)
        return touched

    def forget(self, watermark: int) -> None:
        """Let go of what can't change any more. What comes until the next time may be older than `watermark`, but not
        than the one before: so that one counts."""
        before, self.watermark = self.watermark, max(self.watermark, watermark)
        self.seen = {event: at for event, at in self.seen.items() if at > before}
        kept = {
            who: {window: counts for window, counts in by_window.items() if int(window) + WINDOW_US > before}
            for who, by_window in self.pieces.items()
        }
        self.pieces = {who: by_window for who, by_window in kept.items() if by_window}

    def finished(self, watermark: int) -> bool:
        """Whether it may be forgotten."""
        going_on = self.began and not self.over
        return watermark - self.at >= (OPEN_US if going_on else KEPT_US)

    def numbers(self, meeting_id: UUID) -> LiveNumbers | None:
        """None: no meeting, or its beginning hasn't been told yet."""
        if not self.began:
            return None
        said = sorted(self.said)
        turns = [now[2] for before, now in zip([None, *said], said, strict=False) if not before or before[2] != now[2]]
        talk: Counter[str] = Counter()
        for start, end, who, _ in said:
            talk[who] += end - start
        whole, by_turn = talk.total(), Counter(turns)
        return LiveNumbers(
            meeting_id=meeting_id,
            at=EPOCH + timedelta(microseconds=self.at),
            floor=max(said, key=lambda one: (one[1], one[0], one[2]))[2] if said else None,
            voices=[
                LiveVoice(who=who, talk_ms=ms, share=round(ms / whole, 4) if whole else 0.0, turns=by_turn[who])
                for who, ms in sorted(talk.items(), key=lambda one: (-one[1], one[0]))
            ],
            utterances=len(said),
            turns=len(turns),
            talk_ms=whole,
            questions=self.questions,
            interruptions=interruptions(said),
            topic=topic([text for _, text in self.recent]),
            decided_at_ms=self.decided_ms,
            created=self.created,
            moved=self.moved,
            over=self.over,
        )

    def _take(self, fact: Fact) -> tuple[str, str] | None:
        if fact.event_id in self.seen:
            return None
        self.seen[fact.event_id] = fact.at
        self.at = max(self.at, fact.at)
        if fact.type == "UtteranceFinal":
            return self._hear(fact)
        if fact.type == "TicketCreated":
            self.created += 1
            return self._count("", fact.at, created=1)
        if fact.type == "TicketUpdated" and fact.after and fact.after != fact.before:
            self.moved += 1
            return self._count("", fact.at, moved=1, done=int(fact.after == "DONE"))
        if fact.type == "MeetingReported" and fact.decisions:
            return self._count("", fact.at, decisions=fact.decisions)
        if fact.type == "MeetingStarted":
            self.began = fact.at
        elif fact.type == "MeetingEnded":
            self.over = True
        return None

    def _hear(self, fact: Fact) -> tuple[str, str]:
        start, end, who, text = fact.start_ms or 0, fact.end_ms or 0, fact.who or "", fact.text or ""
        self.said.append([start, end, who, fact.stream])
        self.questions += bool(fact.question)
        if any(decides(sentence) for sentence in sentences(text)):
            self.decided_ms = max(end, self.decided_ms or 0)
        self.recent.append([start, text])
        return self._count(who, fact.at, utterances=1, talk_ms=end - start, questions=int(bool(fact.question)))

    def _count(self, who: str, at: int, **more: int) -> tuple[str, str]:
        window = str(at - at % WINDOW_US)
        counts = self.pieces.setdefault(who, {}).setdefault(window, [0] * len(COUNTS))
        for name, by in more.items():
            counts[COUNTS.index(name)] += by
        return who, window


def interruptions(said: list[list[Any]]) -> int | None:
    """How often somebody began while somebody else, on another stream, went on for `OVERLAP_MS` or longer. `said` is
    in order. None with one stream, whose words never overlap."""
    if len({stream for *_, stream in said}) < 2:
        return None
    found, until = 0, dict[tuple[str, str], int]()
    for start, together in groupby(said, key=lambda one: one[0]):
        began = [(who, stream, end) for _, end, who, stream in together]
        for who, stream, _ in began:
            going_on = (key for key, last in until.items() if last - start >= OVERLAP_MS)
            found += any(other != who and elsewhere != stream for other, elsewhere in going_on)
        for who, stream, end in began:
            until[who, stream] = max(end, until.get((who, stream), 0))
    return found


def topic(texts: list[str]) -> list[str]:
    """Up to three words that come back in what was said lately: split roughly, for a morphology takes 250 MB."""
    words = Counter(word for text in texts for word in {*_content(text)})
    return [word for word, count in sorted(words.items(), key=lambda one: (-one[1], one[0])) if count > 1][:3]


def _content(text: str) -> Iterable[str]:
    for word in WORD.findall(text.lower()):
        plain = word if VERB.search(word) else PARTICLE.sub("", word)
        if plain not in STOP and not (plain == word and VERB.search(word) and "가" <= word[0] <= "힣"):
            yield plain
