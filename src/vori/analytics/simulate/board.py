"""The lives of a team's tickets: opened in meetings, begun, reviewed, done, now and then taken back or opened again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Literal
from uuid import UUID

from vori.analytics.simulate.effects import Effects
from vori.analytics.simulate.teams import Team, new_id
from vori.events import Evidence, Status, TicketCreated, TicketFacts, TicketUpdated

Do = Literal["start", "review", "finish", "reopen", "take back"]
BEFORE_START, IN_PROGRESS, REVIEW = 2.0, 1.0, 0.5
"""Mean days until a ticket is begun; for which it is in progress; of these, for which it waits for review."""
TAKEN_BACK, REOPENED, TOLD = 0.04, 0.05, 0.5
"""Parts of all tickets; and of the changes due about a meeting's time, those that are told there."""
ABOUT = timedelta(hours=4)
BLOCK = {"en": "waits for review", "ko": "리뷰 대기"}


@dataclass(order=True)
class Step:
    """Something that becomes of a ticket."""

    at: datetime
    number: int
    ticket_id: UUID = field(compare=False)
    do: Do = field(compare=False)


class Board:
    """A team's tickets as they stand."""

    def __init__(self, team: Team, effects: Effects, slow_review: bool, chance: Random) -> None:
        self.tickets: dict[UUID, TicketFacts] = {}
        self.free_from = datetime.min.replace(tzinfo=UTC)
        """Nobody does anything by hand before: they sit in a meeting."""
        self._team = team
        self._backend = effects.backend_slow or IN_PROGRESS
        self._review = effects.review_bottleneck if slow_review and effects.review_bottleneck else REVIEW
        self._chance = chance
        self._steps: list[Step] = []
        self._count = 0

    def create(
        self,
        meeting_id: UUID,
        at: datetime,
        title: str,
        *,
        assignee: str | None,
        due: date | None,
        label: str,
        evidence: tuple[Evidence, ...],
    ) -> TicketCreated:
        facts = TicketFacts(
            ticket_id=new_id(self._chance),
            key=f"VORI-{len(self.tickets) + 1}",
            title=title,
            content="\n".join(f"> {said.speaker}: {said.quote}" for said in evidence),
            status=Status.TODO,
            assignee=assignee,
            due=due,
            labels=(label,),
            meetings=(meeting_id,),
        )
        self.tickets[facts.ticket_id] = facts
        self._plan(facts, at)
        return TicketCreated(
            event_id=new_id(self._chance),
            workspace_id=self._team.workspace_id,
            meeting_id=meeting_id,
            occurred_at=at,
            ticket=facts,
            evidence=evidence,
        )

    def until(self, at: datetime) -> Iterator[TicketUpdated]:
        """What people do by hand up to then."""
        while self._steps and self._steps[0].at <= at:
            step = heappop(self._steps)
            yield self.carry_out(step, max(step.at, self.free_from))

    def told(self, end: datetime) -> list[Step]:
        """What is reported in a meeting that ends then; what else was due then is done by hand after it."""
        due: list[Step] = []
        while self._steps and self._steps[0].at <= end + ABOUT:
            due.append(heappop(self._steps))
        chosen: dict[UUID, Step] = {}
        for step in due:
            if step.ticket_id not in chosen and step.do != "take back" and self._chance.random() < TOLD:
                chosen[step.ticket_id] = step
            else:
                step.at = max(step.at, end + timedelta(seconds=self._chance.uniform(60, 600)))
                heappush(self._steps, step)
        return list(chosen.values())

    def carry_out(
        self, step: Step, at: datetime, meeting_id: UUID | None = None, evidence: tuple[Evidence, ...] = ()
    ) -> TicketUpdated:
        before = self.tickets[step.ticket_id]
        meetings = before.meetings if meeting_id in {None, *before.meetings} else (*before.meetings, meeting_id)
        changes: dict[Do, dict[str, object]] = {
            "start": {"status": Status.IN_PROGRESS},
            "review": {"blocked": True, "blocked_reason": BLOCK[self._team.language]},
            "finish": {"status": Status.DONE, "blocked": False, "blocked_reason": ""},
            "reopen": {"status": Status.IN_PROGRESS},
        }
        after = None
        if step.do != "take back":
            after = before.model_copy(update=changes[step.do] | {"meetings": meetings})
            self.tickets[step.ticket_id] = after
        return TicketUpdated(
            event_id=new_id(self._chance),
            workspace_id=self._team.workspace_id,
            meeting_id=meeting_id or before.meetings[0],
            occurred_at=at,
            change_id=new_id(self._chance),
            before=before,
            after=after,
            evidence=evidence,
        )

    def still_open(self) -> tuple[TicketFacts, ...]:
        """The newest of those that aren't done, without their content."""
        found = [facts for facts in self.tickets.values() if facts.status is not Status.DONE][-30:]
        return tuple(facts.model_copy(update={"content": ""}) for facts in found)

    def _plan(self, facts: TicketFacts, at: datetime) -> None:
        if self._chance.random() < TAKEN_BACK:
            self._later(facts, at + timedelta(minutes=self._chance.uniform(60, 180)), "take back")
            return
        begun = at + timedelta(days=self._days(BEFORE_START), hours=2)
        in_progress = self._backend if "backend" in facts.labels else IN_PROGRESS
        review = begun + timedelta(days=self._days(max(in_progress - REVIEW, 0.1)))
        done = review + timedelta(days=self._days(self._review))
        self._later(facts, begun, "start")
        self._later(facts, review, "review")
        self._later(facts, done, "finish")
        if self._chance.random() < REOPENED:
            again = done + timedelta(days=self._days(2.0), hours=12)
            self._later(facts, again, "reopen")
            self._later(facts, again + timedelta(days=self._days(1.0), hours=6), "finish")

    def _days(self, mean: float) -> float:
        return self._chance.gammavariate(2.0, mean / 2)

    def _later(self, facts: TicketFacts, at: datetime, do: Do) -> None:
        self._count += 1
        heappush(self._steps, Step(at, self._count, facts.ticket_id, do))
