"""A team's tickets from their opening to their end: what comes next, when, and whether it is told in a meeting.

How long something takes is drawn in elapsed time. People tell of it when they work, though: a moment in a night or a
weekend, or one that waits for a meeting, becomes the one before or the one after, the nearer the likelier. So what is
measured on average is what was drawn.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import numpy as np

from vori.analytics.simulate.calendar import DAY, HOUR, MINUTE, Calendar, Slot
from vori.analytics.simulate.effects import LOOSE, TODO_DAYS, Truths
from vori.analytics.simulate.people import Team
from vori.analytics.simulate.sentences import ACCESS, LABELS, REVIEW, TITLES, TOPICS, terms
from vori.events import Priority, Status, TicketFacts
from vori.tickets.rank import rank_between

STAGES = {
    "todo": (Status.TODO, None),
    "stuck": (Status.TODO, ACCESS),
    "work": (Status.IN_PROGRESS, None),
    "review": (Status.IN_PROGRESS, REVIEW),
    "done": (Status.DONE, None),
    "reopened": (Status.IN_PROGRESS, None),
}
"""The status that a stage of a ticket's life has, and what blocks it there."""
UNDONE = "undone"
STUCK_SHARE, BACK_SHARE, REOPENED_SHARE, UNDONE_SHARE = 0.08, 0.05, 0.05, 0.04
REOPENED_DAYS = 3.0
TOLD_SHARE = 0.5
"""How much of what happens in working hours waits for a meeting."""
SCATTER = 0.4
"""Variance of a count beside its mean: a meeting's yield varies less than pure chance would have it."""
SETTLING = 20_000
"""Until so long after its end (ms) a meeting is being reported, and nothing else happens in the team."""


@dataclass(slots=True)
class Life:
    """A ticket, as it stands, and the meeting that opened it."""

    facts: TicketFacts
    number: int
    opened_in: UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """A ticket that a meeting will open. `owner` is an index into the team's people; due in so many days."""

    title: str
    label: str
    owner: int | None
    due_days: int | None
    priority: Priority | None


@dataclass(slots=True)
class Board:
    """A team's tickets and what will become of them."""

    team: Team
    calendar: Calendar
    truths: Truths
    open: dict[int, Life] = field(default_factory=dict)
    """Those not done, by number."""
    agenda: dict[int, list[tuple[Life, str]]] = field(default_factory=dict)
    """What will be told, by meeting: a ticket and its next stage."""
    coming: list[tuple[int, int, Life, str]] = field(default_factory=list)
    """What people will do between meetings: a heap by moment and ticket number."""
    ranks: dict[Status, str] = field(default_factory=dict)
    """The last rank of each column."""
    opened: int = 0

    def drafts(self, slot: Slot, chance: np.random.Generator) -> list[Draft]:
        """The tickets that a meeting opens, those with owner or due day among the others."""
        actionable = draw_count(self.truths.actionable(slot.hour), chance)
        wanted = [True] * actionable + [False] * draw_count(LOOSE, chance)
        chance.shuffle(wanted)
        titles = {life.facts.title for life in self.open.values()}
        made = []
        for is_actionable in wanted:
            title, label = self._new_title(titles, chance)
            titles.add(title)
            kind = chance.random()
            owner = int(chance.choice(slot.people)) if is_actionable and kind < 0.8 else None
            due = int(chance.integers(2, 15)) if is_actionable and kind > 0.5 else None
            priority = (None, None, Priority.NORMAL, Priority.HIGH)[chance.integers(4)]
            made.append(Draft(title, label, owner, due, priority))
        return made

    def _new_title(self, taken: set[str], chance: np.random.Generator) -> tuple[str, str]:
        language = self.team.language
        for _ in range(50):
            topic = TOPICS[chance.integers(len(TOPICS))]
            words, titles = terms(language, topic), TITLES[language]
            title = titles[chance.integers(len(titles))].format(t=words[chance.integers(len(words))])
            if title not in taken:
                break
        return title, LABELS[topic]

    def create(self, draft: Draft, ticket: UUID, meeting_id: UUID, content: str, slot: Slot) -> Life:
        """Open a ticket."""
        self.opened += 1
        facts = TicketFacts(
            ticket_id=ticket,
            key=f"VORI-{self.opened}",
            title=draft.title,
            content=content,
            status=Status.TODO,
            assignee=None if draft.owner is None else self.team.people[draft.owner],
            due=None if draft.due_days is None else slot.day + timedelta(days=draft.due_days),
            priority=draft.priority,
            labels=(draft.label,),
            rank=self.place(Status.TODO),
            meetings=(meeting_id,),
        )
        life = self.open[self.opened] = Life(facts, self.opened, meeting_id)
        return life

    def place(self, status: Status) -> str:
        """A rank at the end of a column."""
        self.ranks[status] = rank_between(self.ranks.get(status), None)
        return self.ranks[status]

    def enter(self, life: Life, stage: str, meeting_id: UUID | None) -> tuple[TicketFacts, TicketFacts | None]:
        """Bring a ticket into a stage: its facts before and after (None: it is gone)."""
        before = life.facts
        if stage == UNDONE:
            del self.open[life.number]
            return before, None
        status, blocks = STAGES[stage]
        change: dict[str, object] = {"blocked": blocks is not None, "status": status}
        change["blocked_reason"] = blocks[self.team.language] if blocks else ""
        if status != before.status:
            change["rank"] = self.place(status)
        self.note(life, change, meeting_id)
        if status == Status.DONE:
            del self.open[life.number]
        else:
            self.open[life.number] = life
        return before, life.facts

    def note(self, life: Life, change: dict[str, object], meeting_id: UUID | None) -> None:
        """Change a ticket's facts, in a meeting if one is given."""
        if meeting_id is not None and meeting_id not in life.facts.meetings:
            change["meetings"] = (*life.facts.meetings, meeting_id)
        life.facts = life.facts.model_copy(update=change)

    def go_on(self, life: Life, stage: str, now: int, chance: np.random.Generator) -> None:
        """Decide what follows on a stage that was entered now, and when."""
        follows = self._follows(life, stage, chance)
        if follows is None:
            return
        then, days = follows
        found = self.moment(now + int(chance.gamma(2.0, days / 2) * DAY), now, chance)
        if found is not None:
            at, meeting = found
            if meeting is None:
                heapq.heappush(self.coming, (at, life.number, life, then))
            else:
                self.agenda.setdefault(meeting, []).append((life, then))

    def _follows(self, life: Life, stage: str, chance: np.random.Generator) -> tuple[str, float] | None:
        """The next stage and after how many days on average it comes; None: nothing more happens."""
        drawn = chance.random()
        match stage:
            case "todo":
                return ("stuck", TODO_DAYS / 2) if drawn < STUCK_SHARE else ("work", TODO_DAYS)
            case "stuck":
                return "work", TODO_DAYS / 2
            case "work" | "reopened":
                return "review", self.truths.work_days(life.facts.labels[0])
            case "review":
                return "todo" if drawn < BACK_SHARE else "done", self.truths.review_days(self.team.index)
            case "done" if drawn < REOPENED_SHARE:
                return "reopened", REOPENED_DAYS
        return None

    def undo_soon(self, life: Life, slot: Slot, chance: np.random.Generator) -> None:
        """A person will take back that the ticket was opened, soon after the meeting."""
        at = slot.end + int(chance.integers(2 * MINUTE, HOUR))
        heapq.heappush(self.coming, (at, life.number, life, UNDONE))

    def due_before(self, until: int, chance: np.random.Generator) -> Iterator[tuple[int, Life, str]]:
        """What people do by then, in order; each may bring more. Enter the stage of one before you take the next."""
        while self.coming and self.coming[0][0] < until:
            at, _, life, stage = heapq.heappop(self.coming)
            yield at, life, stage
            self.go_on(life, stage, at, chance)

    def wait_for(self, slot: Slot, chance: np.random.Generator) -> None:
        """Put off what people would do while a meeting goes on."""
        while self.coming and self.coming[0][0] <= slot.end + SETTLING:
            _, number, life, stage = heapq.heappop(self.coming)
            at = slot.end + SETTLING + int(chance.integers(MINUTE, 10 * MINUTE))
            heapq.heappush(self.coming, (at, number, life, stage))

    def moment(self, wanted: int, after: int, chance: np.random.Generator) -> tuple[int, int | None] | None:
        """When something can happen that should happen at `wanted`, and in which meeting; None: not in this history."""
        calendar = self.calendar
        day, meeting = calendar.day_at(wanted), calendar.meeting_at(wanted)
        if wanted >= calendar.closes[-1]:
            return None
        begun = meeting >= 0 and calendar.starts[meeting] > after
        if begun and wanted <= calendar.slots[meeting].end:
            return calendar.starts[meeting], meeting
        last = meeting + 1 == len(calendar.slots)
        if wanted <= calendar.closes[day]:
            if last or not begun or chance.random() >= TOLD_SHARE:
                return wanted, None
            earlier, later = calendar.starts[meeting], calendar.starts[meeting + 1]
            chosen = meeting + (chance.random() < (wanted - earlier) / (later - earlier))
            return calendar.starts[chosen], chosen
        evening = max(calendar.closes[day] - int(chance.integers(HOUR)), after + 10 * MINUTE)
        opens = calendar.opens[day + 1]
        told = not last and calendar.starts[meeting + 1] < opens + 4 * HOUR
        morning = calendar.starts[meeting + 1] if told else opens + int(chance.integers(2 * HOUR))
        if chance.random() < (wanted - evening) / (morning - evening):
            return morning, meeting + 1 if told else None
        return evening, None


def draw_count(mean: float, chance: np.random.Generator) -> int:
    tries = max(1, math.ceil(mean / (1 - SCATTER)))
    return int(chance.binomial(tries, mean / tries))
