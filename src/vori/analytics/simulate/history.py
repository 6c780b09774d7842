"""A team's history: what happens on its board, then a meeting, and so on to the last day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import numpy as np

from vori.analytics.simulate.calendar import Calendar, Series, Slot, make_calendar, make_series
from vori.analytics.simulate.effects import Truths
from vori.analytics.simulate.lines import Line, event_line, instant, make_id
from vori.analytics.simulate.people import Team, generator
from vori.analytics.simulate.sentences import ABOUT_TICKETS, TOPICS, said_day
from vori.analytics.simulate.talk import Exchange, Meeting, talk
from vori.analytics.simulate.tickets import UNDONE_SHARE, Board, Draft, Life, draw_count
from vori.events import (
    Event,
    Evidence,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    ReportedDecision,
    ReportedTicket,
    Status,
    TicketCreated,
    TicketUpdated,
    TranscriptClosed,
    UtteranceFinal,
)
from vori.tickets.plan import change_id, ticket_id

LATE_DUES = 2
"""A meeting moves the due days of no more tickets than that."""
OVERDUE_SHARE = 0.3
"""How many of the tickets that are late get another day in a meeting."""
DUE = "due"
NEXT_DUE = timedelta(days=5)
"""How far from the meeting a late ticket's next due day is."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something about a ticket that is said in a meeting: a new one, or an old one and what becomes of it."""

    about: Draft | Life
    stage: str
    exchange: Exchange


@dataclass(slots=True)
class History:
    """One team's events. `told` counts them by type; it is complete when all were taken."""

    team: Team
    truths: Truths
    seed: int
    series: list[Series] = field(init=False)
    calendar: Calendar = field(init=False)
    board: Board = field(init=False)
    told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.series = make_series(self.team, self.seed)
        self.calendar = make_calendar(self.team, self.series, self.truths, self.seed)
        self.board = Board(self.team, self.calendar, self.truths)

    def lines(self) -> Iterator[Line]:
        """All events in order of time."""
        for slot in self.calendar.slots:
            chance = generator(self.seed, 3, self.team.index, slot.nth)
            yield from self._between(slot.start, chance)
            yield from sorted(self._meeting(slot, chance), key=itemgetter(0))
            self.board.wait_for(slot, chance)
        yield from self._between(self.calendar.closes[-1], generator(self.seed, 4, self.team.index))

    def _line(self, event: Event) -> Line:
        self.told[type(event).__name__] += 1
        return event_line(event)

    def _facts(self, meeting_id: UUID, at: int, chance: np.random.Generator) -> dict[str, Any]:
        """What all events have."""
        return {
            "event_id": make_id(at, chance),
            "workspace_id": self.team.workspace_id,
            "meeting_id": meeting_id,
            "occurred_at": instant(at),
        }

    def _between(self, until: int, chance: np.random.Generator) -> Iterator[Line]:
        """What people do by hand."""
        for at, life, stage in self.board.due_before(until, chance):
            before, after = self.board.enter(life, stage, None)
            changed = change_id(before.ticket_id, str(at), stage)
            facts = self._facts(life.opened_in, at, chance)
            yield self._line(TicketUpdated(**facts, change_id=changed, before=before, after=after, evidence=()))

    def _meeting(self, slot: Slot, chance: np.random.Generator) -> Iterator[Line]:
        """A meeting from its start to its report."""
        team, board = self.team, self.board
        meeting_id = make_id(slot.start, chance)
        found = list(board.open.values())
        items = self._items(slot, chance)
        decisions = draw_count(self.truths.decisions(team.index, slot.week), chance)
        held = Meeting(team, slot, meeting_id, decisions, self._shares(slot.week))
        spoken = talk(held, [item.exchange for item in items], chance)
        title = f"{team.name} · {slot.series.title}"
        facts = self._facts(meeting_id, slot.start, chance)
        yield self._line(
            MeetingStarted(
                **facts,
                title=title,
                language=team.language,
                planned_at=instant(slot.planned),
                planned_until=instant(slot.planned_end),
            )
        )
        self.told[UtteranceFinal.__name__] += len(spoken.lines)
        yield from spoken.lines
        reported = []
        for item, (heard, evidence) in zip(items, spoken.said, strict=True):
            at = heard + int(chance.integers(200, 900))
            facts = self._facts(meeting_id, at, chance)
            life, event = self._happen(item, facts, evidence, slot)
            yield self._line(event)
            reported.append((life, event, evidence))
            if isinstance(item.about, Draft) and chance.random() < UNDONE_SHARE:
                board.undo_soon(life, slot, chance)
            elif item.stage != DUE:
                board.go_on(life, item.stage, at, chance)
        yield self._line(MeetingEnded(**self._facts(meeting_id, slot.end, chance), reason="asked"))
        for stream in spoken.streams:
            at = slot.end + int(chance.integers(2_000, 6_000))
            yield self._line(TranscriptClosed(**self._facts(meeting_id, at, chance), stream=stream))
        yield self._line(
            MeetingReported(
                **self._facts(meeting_id, slot.end + int(chance.integers(7_000, 9_000)), chance),
                tickets=tuple(_reported(reported)),
                decisions=tuple(
                    ReportedDecision(text=evidence[0].quote, evidence=evidence) for _, evidence in spoken.decided
                ),
                open_before=tuple(
                    life.facts.model_copy(update={"content": ""}) for life in found if life.facts.status != Status.DONE
                ),
            )
        )

    def _shares(self, week: int) -> list[float]:
        """How much of the talk each topic has."""
        rising = self.truths.share(len(TOPICS), week)
        rest = (1 - rising) / (len(TOPICS) - 1)
        return [rising if topic == self.truths.topic else rest for topic in TOPICS]

    def _items(self, slot: Slot, chance: np.random.Generator) -> list[Item]:
        """What will be said of tickets, in a random order."""
        told = self.board.agenda.pop(slot.nth, [])
        named = {life.number for life, _ in told}
        late = [
            life
            for life in self.board.open.values()
            if life.facts.due and life.facts.due < slot.day and life.number not in named
        ]
        told += [(life, DUE) for life in late if chance.random() < OVERDUE_SHARE][:LATE_DUES]
        about: list[tuple[Draft | Life, str]] = [*told, *((draft, "todo") for draft in self.board.drafts(slot, chance))]
        return [
            Item(about[one][0], about[one][1], self._exchange(about[one], slot, chance))
            for one in chance.permutation(len(about)).tolist()
        ]

    def _exchange(self, told: tuple[Draft | Life, str], slot: Slot, chance: np.random.Generator) -> Exchange:
        """The words for it."""
        about, stage = told
        words, people = ABOUT_TICKETS[self.team.language], self.team.people
        first, second = chance.permutation(slot.people)[:2].tolist()
        if isinstance(about, Life):
            day = said_day(self.team.language, slot.day + NEXT_DUE)
            who = [person for person in slot.people if people[person] == about.facts.assignee]
            return [((who or [first])[0], words[stage].format(title=about.facts.title, day=day))]
        kind = {(True, True): "ask_both", (True, False): "ask_owner", (False, True): "ask_due", (False, False): "ask"}[
            about.owner is not None, about.due_days is not None
        ]
        if about.owner is not None:
            first, second = (first if first != about.owner else second), about.owner
        asked = words[kind].format(
            title=about.title,
            name=people[about.owner or 0],
            day=said_day(self.team.language, slot.day + timedelta(days=about.due_days or 0)),
        )
        return [(first, asked), (second, words["fine" if about.owner is None else "yes"])]

    def _happen(
        self,
        item: Item,
        facts: dict[str, Any],
        evidence: tuple[Evidence, ...],
        slot: Slot,
    ) -> tuple[Life, TicketCreated | TicketUpdated]:
        """A ticket is opened or changed by what was said."""
        board, meeting_id, anchor = self.board, facts["meeting_id"], str(evidence[0].utterance_id)
        if isinstance(item.about, Draft):
            life = board.create(item.about, ticket_id(meeting_id, anchor), meeting_id, evidence[0].quote, slot)
            facts["event_id"] = change_id(life.facts.ticket_id, anchor, "created")
            return life, TicketCreated(**facts, ticket=life.facts, evidence=evidence)
        life, before = item.about, item.about.facts
        if item.stage == DUE:
            board.note(life, {"due": slot.day + NEXT_DUE}, meeting_id)
        else:
            board.enter(life, item.stage, meeting_id)
        changed = change_id(before.ticket_id, anchor, item.stage)
        return life, TicketUpdated(**facts, change_id=changed, before=before, after=life.facts, evidence=evidence)


def _reported(
    happened: list[tuple[Life, TicketCreated | TicketUpdated, tuple[Evidence, ...]]],
) -> Iterator[ReportedTicket]:
    """What a meeting did to tickets, by number; it does one thing to each."""
    for life, event, evidence in sorted(happened, key=lambda one: one[0].number):
        before = event.before.status if isinstance(event, TicketUpdated) else None
        moved = before is not None and before != life.facts.status
        yield ReportedTicket(
            ticket=life.facts,
            action="created" if before is None else "moved" if moved else "changed",
            from_status=before if moved else None,
            evidence=evidence,
        )
