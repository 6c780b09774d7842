"""One made-up meeting: who speaks when of what, which tickets come of it, what is decided."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from vori.analytics.simulate.board import Board, Step
from vori.analytics.simulate.teams import Person, Team, new_id
from vori.analytics.simulate.words import LABELS, TOPICS, Kind, sentence, work
from vori.events import (
    Event,
    Evidence,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    ReportedDecision,
    ReportedTicket,
    TicketCreated,
    TicketUpdated,
    TranscriptClosed,
    UtteranceFinal,
)

PACE_S = 5.5
"""From one utterance to the next, on average."""
SEGMENT_S = 600
"""About so long one topic is spoken of."""
ACTIONABLE, OTHERS = 1.3, 0.3
"""Tickets of a meeting with an owner or a due day, and without, on average."""
DECIDED = 0.4
"""Part of the topics that end in a decision."""
_SMALL: Sequence[tuple[Kind, float]] = (("says", 6), ("asks", 2), ("answers", 1.5), ("small", 0.5), ("blocks", 0.3))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting is to be like."""

    title: str
    begin: datetime
    seconds: float
    people: Sequence[Person]
    actionable: float
    """Tickets with an owner or a due day, on average."""
    decides: bool
    topics: dict[str, float]
    """How much each is spoken of."""


@dataclass
class _Meeting:
    team: Team
    board: Board
    plan: Plan
    chance: Random
    meeting_id: UUID
    streams: dict[str, UUID]
    at_ms: int = 2000
    tickets: list[ReportedTicket] = field(default_factory=list)
    decisions: list[ReportedDecision] = field(default_factory=list)

    def about(self, at: datetime) -> dict[str, object]:
        return {
            "event_id": new_id(self.chance),
            "workspace_id": self.team.workspace_id,
            "meeting_id": self.meeting_id,
            "occurred_at": at,
        }

    def now(self) -> datetime:
        return self.plan.begin + timedelta(milliseconds=self.at_ms)

    def say(self, text: str, person: Person | None = None) -> UtteranceFinal:
        chance, people = self.chance, self.plan.people
        speaker = (person or chance.choices(people, [one.weight for one in people])[0]).name
        begin = self.at_ms + int(chance.expovariate(1 / 800))
        self.at_ms = begin + int(chance.uniform(1500, 2 * PACE_S * 1000 - 3100))
        return UtteranceFinal(
            **self.about(self.now()),
            utterance_id=new_id(chance),
            stream=self.streams[speaker],
            speaker=speaker,
            start_ms=begin,
            end_ms=self.at_ms,
            language=self.team.language,
            text=text,
        )


def hold(team: Team, board: Board, plan: Plan, chance: Random) -> Iterator[Event]:
    """Its events, in the order of time."""
    streams = {person.name: new_id(chance) for person in plan.people}
    meeting = _Meeting(team, board, plan, chance, new_id(chance), streams)
    open_before = board.still_open()
    end = plan.begin + timedelta(seconds=plan.seconds)
    told = board.told(end)
    yield MeetingStarted(**meeting.about(plan.begin), title=plan.title, language=team.language)
    count = max(1, round(plan.seconds / SEGMENT_S))
    segments = chance.choices(list(plan.topics), list(plan.topics.values()), k=count)
    wanted = [True] * _poisson(plan.actionable, chance) + [False] * _poisson(OTHERS, chance)
    works = [(chance.randrange(count), one) for one in wanted]
    steps = [(chance.randrange(count), step) for step in told]
    for number, topic in enumerate(segments):
        mine = [one for place, one in works if place == number]
        yield from _segment(
            meeting,
            topic,
            plan.seconds * 1000 * (number + 1) / count,
            mine,
            [step for place, step in steps if place == number],
        )
    end = max(end, meeting.now() + timedelta(seconds=1))
    yield MeetingEnded(**meeting.about(end), reason="asked")
    for stream in streams.values():
        yield TranscriptClosed(**meeting.about(end + timedelta(seconds=1)), stream=stream)
    yield MeetingReported(
        **meeting.about(end + timedelta(seconds=2)),
        tickets=tuple(meeting.tickets),
        decisions=tuple(meeting.decisions),
        open_before=open_before,
    )
    board.free_from = end + timedelta(seconds=3)


def _segment(
    meeting: _Meeting, topic: str, until_ms: float, works: Sequence[bool], steps: Sequence[Step]
) -> Iterator[Event]:
    """One topic from its first mention to its decision, with the work that comes of it."""
    chance, language = meeting.chance, meeting.team.language
    names = TOPICS[topic][language]
    yield meeting.say(sentence("opens", language, chance.choice(names), chance))
    left = max(2, int((until_ms - meeting.at_ms) / 1000 / PACE_S) - 2)
    acts: list[bool | Step] = [*works, *steps]
    places = sorted(chance.choices(range(left), k=len(acts)))
    chance.shuffle(acts)
    for line in range(left):
        while places and places[0] == line:
            places.pop(0)
            act = acts.pop()
            yield from _report(meeting, act) if isinstance(act, Step) else _promise(meeting, topic, act)
        if meeting.at_ms >= until_ms and not acts:
            break
        kind = chance.choices([kind for kind, _ in _SMALL], [weight for _, weight in _SMALL])[0]
        yield meeting.say(sentence(kind, language, chance.choice(names), chance))
    if meeting.plan.decides and chance.random() < DECIDED:
        said = meeting.say(sentence("decides", language, chance.choice(names), chance))
        meeting.decisions.append(ReportedDecision(text=said.text, evidence=(said.evidence,)))
        yield said


def _promise(meeting: _Meeting, topic: str, actionable: bool) -> Iterator[Event]:
    chance, team = meeting.chance, meeting.team
    owner = chance.choice(meeting.plan.people)
    title = work(topic, team.language, chance)
    said = meeting.say(sentence("promises", team.language, title, chance), owner)
    yield said
    dated = actionable and chance.random() < 0.6
    at = meeting.now() + timedelta(milliseconds=400)
    made = meeting.board.create(
        meeting.meeting_id,
        at,
        title[:1].upper() + title[1:],
        assignee=owner.name if actionable and (not dated or chance.random() < 0.8) else None,
        due=(at + timedelta(days=chance.randint(1, 14))).date() if dated else None,
        label=chance.choice(LABELS),
        evidence=(said.evidence,),
    )
    _note(meeting, made, said.evidence)
    yield made


def _report(meeting: _Meeting, step: Step) -> Iterator[Event]:
    facts = meeting.board.tickets[step.ticket_id]
    said = meeting.say(sentence("reports", meeting.team.language, facts.title, meeting.chance))
    yield said
    at = meeting.now() + timedelta(milliseconds=400)
    moved = meeting.board.carry_out(step, at, meeting.meeting_id, (said.evidence,))
    _note(meeting, moved, said.evidence)
    yield moved


def _note(meeting: _Meeting, event: TicketCreated | TicketUpdated, proof: Evidence) -> None:
    """For the report: what became of a ticket here; of several things the last."""
    made = isinstance(event, TicketCreated)
    after = event.ticket if isinstance(event, TicketCreated) else event.after
    before = None if isinstance(event, TicketCreated) else event.before
    assert after is not None
    moved = before is not None and before.status is not after.status
    meeting.tickets = [one for one in meeting.tickets if one.ticket.ticket_id != after.ticket_id]
    meeting.tickets.append(
        ReportedTicket(
            ticket=after,
            action="created" if made else "moved" if moved else "changed",
            from_status=before.status if moved and before else None,
            evidence=(proof,),
        )
    )


def _poisson(mean: float, chance: Random) -> int:
    """Knuth's way, good for small means."""
    count, product, least = 0, chance.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * chance.random()
    return count
