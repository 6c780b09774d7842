"""The `llm` extractor: asks a language model about each window once, keeps the answers, says what it couldn't read."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import structlog

from vori.clock import now
from vori.errors import BadAnswer, SupplierError, Unavailable
from vori.events import Language
from vori.settings import Settings
from vori.tickets.llm.breaker import Breaker
from vori.tickets.llm.model import Answer, Busy, LanguageModel, Ledger, Meter, Note, TooLong, lane
from vori.tickets.llm.window import (
    NEW_TURNS,
    NOTHING,
    Codes,
    Window,
    checked,
    complaint,
    due,
    halves,
    mark,
    question,
    together,
    windows,
)
from vori.tickets.model import Decision, Extraction, Move, Proposal, Talk

PROMPT = "extract-1"
WAITS_S = (1.0, 4.0)
"""Between attempts that fail in passing, unless the server asks for another wait."""
LONGEST_WAIT_S = 15.0
PATIENCE_S = 120.0
"""After so long no further attempt and no further window is begun; a talk that is over gets three times as much."""
ATTEMPTS = 3
"""Times that a window with a bad answer is read in all."""
MEETINGS = 32
"""Meetings whose answers are at hand; others are read from the ledger again."""
LIMIT = "extractor_limit"

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workspace may use in a day (UTC). 0: no limit."""

    tokens: int = 0
    usd: Decimal = Decimal(0)

    def reached(self, spent: Meter) -> bool:
        return bool((self.tokens and spent.tokens >= self.tokens) or (self.usd and (spent.usd or 0) >= self.usd))


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been found, and the turns that couldn't be read, with the reason."""

    extraction: Extraction
    missing: frozenset[str] = frozenset()
    trouble: str = ""


@dataclass
class _Meeting:
    """What is known of a meeting that goes on."""

    notes: list[Note] = field(default_factory=list)
    bad: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Bad answers by turn and words."""
    waits_for: int = 0
    """Turns that the talk must have before it is read on, after a failure."""
    down: bool = False
    """The model couldn't be asked: all that isn't read is missing."""
    trouble: str = ""

    def found(self) -> Answer:
        found = NOTHING
        for note in self.notes:
            found = together(found, note.answer or NOTHING)
        return found


class LlmExtractor:
    """An `Extractor` by a language model. Reads what has gathered, and all that is left once the talk is over.

    `read` never fails because of the model: it returns what it has. `extract` raises `Unavailable` when turns are
    missing.
    """

    name = "llm"
    version = "1"
    prompt = PROMPT

    def __init__(
        self,
        model: LanguageModel,
        ledger: Ledger,
        *,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        waits_s: tuple[float, ...] = WAITS_S,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._model = model
        self._ledger = ledger
        self._limits = limits or Limits()
        self._breaker = breaker or Breaker()
        self._waits = waits_s
        self._clock = clock
        self._instructions = instructions()
        self._meetings: OrderedDict[tuple[str, str], _Meeting] = OrderedDict()
        self._asking = threading.Lock()

    @property
    def actor(self) -> str:
        """Who a change is by: name, version, prompt and model."""
        return f"{self.name} {self.version} ({self.prompt}, {self._model.name})"

    def warm(self, language: Language | None) -> None:
        """Nothing is loaded here."""

    def extract(self, talk: Talk) -> Extraction:
        reading = self.read(talk)
        if reading.missing:
            raise Unavailable(f"{len(reading.missing)} turns couldn't be read: {reading.trouble}")
        return reading.extraction

    def read(self, talk: Talk) -> Reading:
        """What all windows read so far lead to, those that are due now included."""
        with self._asking:
            meeting = self._meeting(talk)
            known = {turn for note in meeting.notes for turn in note.turns}
            new = [turn for turn in talk.turns if (turn.id, mark(turn)) not in known]
            left = [turn for turn in new if meeting.bad[turn.id, mark(turn)] < ATTEMPTS]
            if talk.over or (talk.said and due(talk, left) and len(talk.turns) >= meeting.waits_for):
                self._read_on(talk, meeting, frozenset(turn.id for turn in left))
                known = {turn for note in meeting.notes for turn in note.turns}
            unread = {turn for turn in talk.turns if (turn.id, mark(turn)) not in known}
            missing = {turn.id for turn in unread if meeting.down or meeting.bad[turn.id, mark(turn)]}
            fresh = {turn for note in meeting.notes if note.said == talk.said for turn, _ in note.turns}
            found = self._extraction(talk, meeting.found(), fresh)
            return Reading(found, frozenset(missing), meeting.trouble if missing else "")

    def _meeting(self, talk: Talk) -> _Meeting:
        """What is known of a talk: a written one is always new."""
        if not talk.meeting:
            return _Meeting()
        key = (talk.workspace, talk.meeting)
        meeting = self._meetings.pop(key, None) or _Meeting(self._ledger.read(talk.workspace, talk.meeting))
        self._meetings[key] = meeting
        while len(self._meetings) > MEETINGS:
            self._meetings.popitem(last=False)
        return meeting

    def _read_on(self, talk: Talk, meeting: _Meeting, new: frozenset[str]) -> None:
        """Read what is new, window by window; what fails stays new."""
        meeting.down, meeting.waits_for = False, 0
        ends = time.monotonic() + PATIENCE_S * (3 if talk.over else 1)
        queue = windows(talk.turns, new)
        while queue and not meeting.down:
            window = queue.pop(0)
            try:
                self._read_window(talk, meeting, window, ends)
            except BadAnswer as error:
                if isinstance(error, TooLong) and len(window.new) > 1:
                    queue[:0] = halves(window)
                    continue
                meeting.bad.update((turn.id, mark(turn)) for turn in window.new)
                meeting.trouble = str(error)
                meeting.waits_for = len(talk.turns) + NEW_TURNS
            except SupplierError as error:
                meeting.down, meeting.trouble = True, str(error)
                meeting.waits_for = len(talk.turns) + NEW_TURNS

    def _read_window(self, talk: Talk, meeting: _Meeting, window: Window, ends: float) -> None:
        """Ask about one window, and keep the answer. Raises `SupplierError`; what was spent is noted all the same."""
        if time.monotonic() > ends:
            raise Unavailable(f"{self._model.name} is slow; the rest is read later.")
        spent = self._ledger.spent(talk.workspace, self._clock().replace(hour=0, minute=0, second=0, microsecond=0))
        if self._limits.reached(spent):
            raise Unavailable(
                f"The day's limit is reached ({spent.tokens} tokens{f', {spent.usd:.2f} USD' if spent.usd else ''}).",
                remedy="It begins anew at midnight UTC; VORI_EXTRACTOR_TOKENS and VORI_EXTRACTOR_USD set it.",
                code=LIMIT,
            )
        secret = f"{talk.workspace}:{talk.meeting}:{window.turns[0].id}:{window.turns[-1].id}:{len(meeting.notes)}"
        codes = Codes(secret, (turn.id for turn in window.turns), (ticket.id for ticket in talk.tickets))
        asked = question(talk, window, meeting.found(), codes)
        meter, answer, trouble = Meter(), None, ""
        try:
            answer = checked(self._ask(asked, window, codes, meter, ends), window, codes)
        except SupplierError as error:
            trouble = str(error)
            raise
        finally:
            note = Note(
                workspace=talk.workspace,
                meeting=talk.meeting,
                said=talk.said,
                at=self._clock(),
                model=self._model.name,
                prompt=self.prompt,
                turns=tuple((turn.id, mark(turn)) for turn in window.new),
                answer=answer,
                meter=meter,
                trouble=trouble,
            )
            self._ledger.note(note)
            logger.info("extractor.asked", turns=len(window.new), tokens=meter.tokens, usd=meter.usd, trouble=trouble)
        meeting.notes.append(note)

    def _ask(self, asked: str, window: Window, codes: Codes, meter: Meter, ends: float) -> Answer:
        """One question, asked again while it fails in passing; the breaker counts how it ends."""
        if not self._breaker.allows(time.monotonic()):
            raise Unavailable(f"{self._model.name} failed, and is left alone for a while.")
        for wait in (*self._waits, None):
            try:
                answer = self._model.ask(
                    self._instructions, asked, lambda given: complaint(given, window, codes), meter
                )
            except Busy as error:
                pause = wait if error.after_s is None or wait is None else error.after_s
                if pause is None or pause > LONGEST_WAIT_S or time.monotonic() + pause > ends:
                    self._breaker.failed(time.monotonic(), rest_s=error.after_s or 0.0)
                    raise
                time.sleep(pause)
            except BadAnswer:
                self._breaker.worked()  # it answers, if badly
                raise
            except SupplierError:
                self._breaker.failed(time.monotonic(), at_once=True)
                raise
            else:
                self._breaker.worked()
                return answer
        raise AssertionError("the last attempt returns or raises")

    def _extraction(self, talk: Talk, found: Answer, fresh: set[str]) -> Extraction:
        """An answer as proposals. Whose turn took work on is looked up now: a voice may have got its name since."""
        order = {turn.id: place for place, turn in enumerate(talk.turns)}
        speakers = {turn.id: turn.speaker for turn in talk.turns}

        def said(proofs: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(turn for turn in proofs if turn in order))

        return Extraction(
            proposals=tuple(
                Proposal(
                    title=made.title,
                    content=made.content,
                    status=made.status,
                    assignee=speakers.get(made.assignee or "", made.assignee),
                    due=made.due,
                    evidence_ids=said(tuple(proof.turn for proof in made.proof)),
                    certainty=made.certainty,
                    lane=lane(made.certainty),
                    reason=made.reason,
                    by=self.actor,
                )
                for made in found.tickets
            ),
            moves=tuple(
                Move(
                    ticket_id=move.ticket,
                    to=move.to,
                    evidence_ids=said(tuple(proof.turn for proof in move.proof)),
                    certainty=move.certainty,
                    lane=lane(move.certainty),
                    reason=move.reason,
                    reopens=move.reopens,
                    by=self.actor,
                )
                for move in sorted(found.moves, key=lambda move: max(order.get(p.turn, 0) for p in move.proof))
            ),
            decisions=tuple(Decision(made.text, said(tuple(p.turn for p in made.proof))) for made in found.decisions),
            fresh=frozenset(fresh),
            prompt=self.prompt,
        )


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.extractor_tokens, Decimal(str(settings.extractor_usd)))


def instructions() -> str:
    return (Path(__file__).parent / "prompts" / f"{PROMPT}.md").read_text(encoding="utf-8")
