"""Small cases made by hand: one meeting or ticket each, all in one body of events, with what must be found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid5

from vori.events import (
    Event,
    Evidence,
    Language,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    ReportedDecision,
    ReportedTicket,
    SpeakerNamed,
    Status,
    TicketCreated,
    TicketFacts,
    TicketUpdated,
    UtteranceCorrected,
    UtteranceFinal,
    encode,
)

SEED = UUID("0197c9a0-0000-7000-8000-0000000000aa")
SEOUL, PLAIN = uuid5(SEED, "seoul"), uuid5(SEED, "plain")
"""A workspace with a clock and weights of its own, and one without."""
BEGAN = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
"""Monday; in Seoul it is 0:30 on Tuesday."""
MINUTE = 60_000


@dataclass
class Case:
    """A meeting of ten minutes, unless it says otherwise."""

    name: str
    workspace_id: UUID = PLAIN
    minutes: float = 10
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meeting_id = uuid5(SEED, self.name)

    def began(self, language: Language | Literal["auto"] = "en", **planned: datetime) -> Case:
        self.add(MeetingStarted, 0, title=f"Team · {self.name}", language=language, **planned)
        return self.add(MeetingEnded, self.minutes * MINUTE, reason="asked")

    def add(self, model: type[Event], ms: float, **fields: Any) -> Case:
        """An event that occurred so long after the meeting began."""
        facts = {"event_id": uuid5(self.meeting_id, str(len(self.events))), "workspace_id": self.workspace_id}
        at = BEGAN + timedelta(milliseconds=ms)
        self.events.append(model(**({**facts, "meeting_id": self.meeting_id, "occurred_at": at} | fields)))
        return self

    def id(self, name: str) -> UUID:
        return uuid5(self.meeting_id, name)

    def say(self, name: str, who: str | int, start: int, end: int, text: str, **more: Any) -> Case:
        """`who`: a speaker with a stream of their own, or a voice's number on the shared one."""
        alone = isinstance(who, str)
        told: dict[str, Any] = {
            "utterance_id": self.id(name),
            "stream": self.id(str(who) if alone else "shared"),
            "speaker": who if alone else None,
            "voice": None if alone else who,
            "language": "en",
        }
        return self.add(UtteranceFinal, end, start_ms=start, end_ms=end, text=text, **(told | more))

    def proof(self, name: str) -> Evidence:
        [said] = [one for one in self.events if isinstance(one, UtteranceFinal) and one.utterance_id == self.id(name)]
        return said.evidence

    def facts(self, name: str, **fields: Any) -> TicketFacts:
        usual = {"key": "T-1", "title": name, "content": "", "status": Status.TODO, "assignee": None, "due": None}
        return TicketFacts(ticket_id=self.id(name), **(usual | fields))

    def lines(self) -> list[str]:
        return [encode(event).decode().rstrip("\n") for event in self.events]


def talk() -> Case:
    """Ana's turn is a monologue into which Ben falls; Cem answers Ben's question in time, nobody answers Ana's."""
    case = Case("talk").began(
        planned_at=BEGAN - timedelta(seconds=90), planned_until=BEGAN + timedelta(minutes=9, seconds=30)
    )
    case.say("a1", "Ana", 0, 70_000, "The report is long.")
    case.say("a2", "Ana", 70_000, 120_000, "It goes on.")
    case.say("b1", "Ben", 119_700, 130_000, "Who reads it?")
    case.say("c1", "Cem", 140_000, 150_000, "I do.")
    case.say("b2", "Ben", 149_701, 160_000, "Good.")
    case.say("a3", "Ana", 200_000, 210_000, "Shall we go on?")
    case.say("c2", "Cem", 220_001, 230_000, "Later.")
    case.say("c3", "Cem", 590_000, 640_000, "We talk after the end.")
    case.say("d1", "Dia", 300_000, 300_000, "Hm.")
    case.say("d2", "Dia", 400_000, 410_000, "So be it?  ")
    return case


def shared() -> Case:
    """A shared microphone; a voice gets a name, takes it back; words are corrected, and withdrawn."""
    case = Case("shared", SEOUL).began("auto")
    case.say("a", 0, 1_000, 2_000, "hello", language="ko")
    case.say("b", 1, 1_500, 4_000, "hello there", language="ko")
    case.say("c", 2, 5_000, 6_000, "nothing")
    case.say("d", 1, 7_000, 8_000, "is it?")
    stream = case.id("shared")
    case.add(SpeakerNamed, 0, stream=stream, voice=0, version=1, name="Eva")
    case.add(SpeakerNamed, 1, stream=stream, voice=1, version=2, name=None)
    case.add(SpeakerNamed, 2, stream=stream, voice=1, version=1, name="Fay")
    case.add(UtteranceCorrected, 9, utterance_id=case.id("b"), version=2, text="여기서 할까요?")
    case.add(UtteranceCorrected, 9, utterance_id=case.id("b"), version=1, text="there")
    return case.add(UtteranceCorrected, 9, utterance_id=case.id("c"), version=1, text="")


def decided() -> Case:
    """Two topics are mentioned before they are decided, one decision has no proof."""
    case = Case("decided", SEOUL).began()
    case.say("m1", "Ana", 10_000, 12_000, "The billing page is slow.")
    case.say("m2", "Ben", 20_000, 22_000, "Our billing database needs an index.")
    case.say("m3", "Ana", 40_000, 42_000, "Kafka, then.")
    for nth in range(4):
        case.say(f"f{nth}", "Ben", 50_000 + nth * 2_000, 51_000 + nth * 2_000, "Mhm.")
    case.say("d1", "Ana", 100_001, 102_000, "We will index the billing database.")
    case.say("d2", "Ben", 110_000, 112_000, "So: Kafka.")
    case.say("x", "Ben", 120_000, 121_000, "The billing database index was the first thing.")
    made = [(one, (case.proof(one),)) for one in ("d1", "d2")]
    decisions = [ReportedDecision(text=proof[0].quote, evidence=proof) for _, proof in made]
    unproven = ReportedDecision(text="Something else", evidence=())
    old = {"tickets": (), "decisions": ()}
    case.add(MeetingReported, 11 * MINUTE, **old)
    return case.add(MeetingReported, 12 * MINUTE, tickets=(), decisions=(*decisions, unproven))


def worked() -> Case:
    """Tickets are opened (one with an owner, one that gets a due day later, one undone), blocked and carried over."""
    case = Case("worked").began()
    case.say("u", "Ana", 0, 1_000, "Ben does the one thing.")
    proof = (case.proof("u"),)
    names = ("owned", "loose", "dated", "undone")
    owned, loose, dated, undone = (case.facts(one, assignee="Ben" if one == "owned" else None) for one in names)
    for nth, one in enumerate((undone, loose, owned, dated)):
        case.add(TicketCreated, 1_000 + nth, ticket=one, evidence=proof)
    by_hand: dict[str, Any] = {"evidence": ()}
    case.add(TicketUpdated, 90 * MINUTE, change_id=case.id("x"), before=undone, after=None, **by_hand)
    due = dated.model_copy(update={"due": BEGAN.date()})
    case.add(TicketUpdated, 80 * MINUTE, change_id=case.id("y"), before=dated, after=due, **by_hand)
    stuck, silent = case.facts("stuck", blocked=True), case.facts("silent", blocked=True)
    for nth, (after, evidence) in enumerate(((stuck, proof), (silent, ()))):
        before = after.model_copy(update={"blocked": False})
        case.add(
            TicketUpdated, 2_000 + nth, change_id=case.id(f"z{nth}"), before=before, after=after, evidence=evidence
        )
    left, done, over = case.facts("left"), case.facts("done"), case.facts("over", status=Status.DONE)
    now_done = done.model_copy(update={"status": Status.DONE})
    reported = ReportedTicket(ticket=now_done, action="moved", from_status=Status.TODO, evidence=proof)
    return case.add(
        MeetingReported, 11 * MINUTE, tickets=(reported,), decisions=(), open_before=(stuck, done, over, left)
    )


def lived() -> Case:
    """A ticket by hand: begun, blocked twice for one reason and once for another, done, reopened, and still open."""
    case = Case("lived", SEOUL)
    ticket_id = case.meeting_id
    states: Sequence[tuple[int, dict[str, Any]]] = (
        (0, {}),
        (60, {"status": Status.IN_PROGRESS}),
        (90, {"blocked": True, "blocked_reason": "review"}),
        (100, {"blocked": False, "blocked_reason": ""}),
        (110, {"blocked": True, "blocked_reason": "access"}),
        (115, {"blocked": True, "blocked_reason": "review"}),
        (120, {"status": Status.DONE, "blocked": False, "blocked_reason": ""}),
        (200, {"status": Status.IN_PROGRESS}),
        (260, {"status": Status.DONE, "labels": ("backend",), "meetings": (case.id("m"),)}),
    )
    now = TicketFacts(ticket_id=ticket_id, **case.facts("lived", assignee="Ben").model_dump(exclude={"ticket_id"}))
    for minute, change in states:
        before, now = now, now.model_copy(update=change)
        if not minute:
            case.add(TicketCreated, 0, ticket=now, evidence=())
        else:
            told = {"change_id": case.id(str(minute)), "before": before, "after": now}
            case.add(TicketUpdated, minute * MINUTE, **told, evidence=())
    return case


def going() -> Case:
    """A meeting that hasn't ended has no row, nor its voices."""
    case = Case("going")
    case.add(MeetingStarted, 0, title="Team · going", language="ko")
    return case.say("g", "Ana", 0, 1_000, "hello?")


def empty() -> Case:
    """Nobody said anything."""
    return Case("empty", minutes=1).began("auto")


CASES = (talk, shared, decided, worked, lived, going, empty)
