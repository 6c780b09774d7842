"""The numbers of the dashboard, against ones worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from vori.analytics.spans import Span
from vori.dashboard import model
from vori.dashboard.model import Held, Period
from vori.events import Status
from vori.minutes.model import Participant
from vori.tickets.course.model import Course, Spell, Step, standing
from vori.tickets.model import ChangeKind

TODO, DOING, DONE = Status.TODO, Status.IN_PROGRESS, Status.DONE
MEETING, REHEARSAL = uuid4(), uuid4()
SEOUL = ZoneInfo("Asia/Seoul")


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=UTC)


WEEK = Period(date(2026, 3, 9), date(2026, 3, 15), day(9, 0), day(16, 0))
WEEK_BEFORE = Period(date(2026, 3, 2), date(2026, 3, 8), day(2, 0), day(9, 0))


def course(*turns: tuple[datetime, Status], meeting_id: UUID | None = None) -> Course:
    """A ticket by its statuses and when it got each, the first when it was opened; the last of `meeting_id`."""
    steps = []
    before: Status | None = None
    for number, (at, status) in enumerate(turns, 1):
        kind: ChangeKind = "moved" if before else "created"
        led = meeting_id if number == len(turns) else None
        steps.append(Step(uuid4(), number, kind, at, before, status, led, "offline 1" if led else "person"))
        before = status
    assert before
    return Course(uuid4(), "VORI-1", "A ticket", None, before, tuple(steps))


def test_a_period_is_whole_days_of_the_workspace_and_ends_now_at_the_latest() -> None:
    now = datetime(2026, 3, 15, 3, tzinfo=UTC)  # noon in Seoul
    week, before = model.periods(Span(date(2026, 3, 9), date(2026, 3, 15)), now, SEOUL)
    assert (week.since, week.until) == (datetime(2026, 3, 8, 15, tzinfo=UTC), now)
    assert (before.first, before.last) == (date(2026, 3, 2), date(2026, 3, 8))
    assert (before.since, before.until) == (datetime(2026, 3, 1, 15, tzinfo=UTC), week.since)
    past, _ = model.periods(Span(date(2026, 3, 9), date(2026, 3, 9)), now, SEOUL)
    assert past.until - past.since == timedelta(days=1)


def test_a_day_on_which_the_clocks_change_is_an_hour_shorter() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    spring, _ = model.periods(Span(date(2026, 3, 29), date(2026, 3, 29)), now, ZoneInfo("Europe/Berlin"))
    assert spring.until.astimezone(UTC) - spring.since.astimezone(UTC) == timedelta(hours=23)


def test_what_was_undone_never_happened_and_what_was_redone_did_when_it_was_first_done() -> None:
    created, moved, undo, redo = (uuid4() for _ in range(4))

    def step(made: UUID, version: int, at: datetime, change: tuple[Status | None, Status], undoes: UUID | None) -> Step:
        kind: ChangeKind = "created" if version == 1 else "moved" if undoes is None else "undone"
        return Step(made, version, kind, at, change[0], change[1], None, "person", undoes)

    history = [
        step(created, 1, day(1), (None, TODO), None),
        step(moved, 2, day(10), (TODO, DOING), None),
        step(undo, 3, day(11), (DOING, TODO), moved),
        step(redo, 4, day(20), (TODO, DOING), undo),
    ]
    ids = [[one.change_id for one in standing(history[:length])] for length in (1, 2, 3, 4)]
    assert ids == [[created], [created, moved], [created], [created, moved]]
    undone = Course(uuid4(), "VORI-1", "A ticket", None, TODO, standing(history[:3]))
    assert model.moved([undone], WEEK, ()) == []
    assert [spell.status for spell in undone.spells()] == [TODO]
    assert [one.step.at for one in model.moved([Course(*_rest(undone), standing(history))], WEEK, ())] == [day(10)]


def _rest(of: Course) -> tuple[UUID, str, str, str | None, Status]:
    return of.ticket_id, of.key, of.title, of.assignee, of.status


def test_opened_moved_and_done_are_counted_in_the_period_they_happened_in() -> None:
    old = course((day(3), TODO), (day(10), DOING), (day(12), DONE))
    new = course((day(9, 0), TODO), (day(16, 0), DOING))
    reopened = course((day(4), TODO), (day(10), DONE), (day(11), DOING))
    twice = course((day(1), TODO), (day(9), DONE), (day(10), DOING), (day(11), DONE))
    outright = course((day(13), DONE))
    courses = [old, new, reopened, twice, outright]
    assert [one.ticket_id for one in model.opened(courses, WEEK)] == [new.ticket_id, outright.ticket_id]
    assert [one.ticket_id for one in model.opened(courses, WEEK_BEFORE)] == [old.ticket_id, reopened.ticket_id]
    assert len(model.moved(courses, WEEK, ())) == 2 + 0 + 2 + 3 + 0
    assert [(one.ticket_id, one.step.at) for one in model.finished(courses, WEEK, ())] == [
        (old.ticket_id, day(12)),
        (twice.ticket_id, day(11)),
        (outright.ticket_id, day(13)),
    ]


def test_rehearsals_are_left_out_with_the_tickets_they_opened_and_the_moves_they_caused() -> None:
    opened_there = course((day(10), TODO), meeting_id=REHEARSAL)
    moved_there = course((day(3), TODO), (day(10), DONE), meeting_id=REHEARSAL)
    assert model.real([opened_there, moved_there], {REHEARSAL}) == [moved_there]
    assert model.moved([moved_there], WEEK, {REHEARSAL}) == []
    assert model.finished([moved_there], WEEK, {REHEARSAL}) == []
    assert model.stays([moved_there], WEEK, TODO, {REHEARSAL}) == []
    assert len(model.moved([moved_there], WEEK, ())) == len(model.stays([moved_there], WEEK, TODO, ())) == 1
    meetings = [held(day(10)), held(day(10), rehearsal=True), held(day(3)), held(day(16, 0))]
    assert model.held(meetings, WEEK) == meetings[:1]


def held(at: datetime, *percents: int, rehearsal: bool = False) -> Held:
    talk = tuple(Participant(name=str(number), talk_ms=1, percent=share) for number, share in enumerate(percents))
    return Held(uuid4(), "Planning", at, rehearsal, 60_000, talk)


def test_the_meeting_that_most_came_of_is_named_and_what_people_did_by_hand_is_no_meeting_s() -> None:
    by_hand = course((day(10), TODO))
    of_meeting = [course((day(10), TODO), meeting_id=MEETING) for _ in range(2)]
    other = course((day(10), TODO), meeting_id=uuid4())
    assert model.most(model.opened([by_hand, other, *of_meeting], WEEK)) == (MEETING, 2)
    assert model.most(model.opened([by_hand], WEEK)) is None
    assert model.most([]) is None


def test_time_in_a_status_is_the_median_over_what_left_it_in_the_period() -> None:
    courses = [
        course((day(1), TODO), (day(10), DOING), (day(12), DONE)),  # 9 days in TODO, 2 in progress
        course((day(8), TODO), (day(11), DOING)),  # 3 days in TODO; still in progress
        course((day(9), TODO), (day(10), DONE)),  # 1 day in TODO, never in progress
        course((day(2), TODO), (day(4), DOING), (day(17), DONE)),  # left TODO before, IN_PROGRESS after the week
    ]
    todo = model.stays(courses, WEEK, TODO, ())
    assert [stay.lasted.days for stay in todo] == [9, 3, 1]
    assert model.middle(todo) == timedelta(days=3)
    assert model.middle(model.stays(courses, WEEK, DOING, ())) == timedelta(days=2)
    assert model.middle(model.stays(courses, WEEK_BEFORE, DOING, ())) is None
    assert model.middle(model.stays(courses, WEEK_BEFORE, TODO, ())) == timedelta(days=2)


def test_open_work_is_sorted_by_how_long_it_has_stood_still() -> None:
    courses = [
        course((day(15), TODO)),  # half a day
        course((day(1), TODO), (day(13, 0), DOING)),  # 3 days since it moved
        course((day(2, 0), TODO)),  # 14 days
        course((day(1), TODO), (day(14), DONE)),
        course((day(20), TODO)),  # not there yet
    ]
    ages = {age: len(found) for age, found in model.by_age(model.still_open(courses, WEEK.until)).items()}
    assert ages == {(0, 2): 1, (3, 6): 1, (7, 13): 0, (14, 29): 1, (30, None): 0}


def test_carried_over_is_what_was_open_at_both_ends() -> None:
    through = course((day(5, 0), TODO), (day(10), DOING))
    courses = [
        through,
        course((day(5), TODO), (day(10), DONE)),  # finished
        course((day(10), TODO)),  # new
        course((day(5), DONE), (day(10), DOING)),  # reopened: it wasn't open before
    ]
    (stay,) = model.carried_over(courses, WEEK)
    assert (stay.ticket_id, stay.status, stay.lasted) == (through.ticket_id, DOING, timedelta(days=11))
    assert model.carried_over(courses, WEEK_BEFORE) == []


def test_a_ticket_is_in_one_status_at_a_time() -> None:
    moved = course((day(5), TODO), (day(10), DOING))
    assert moved.spell_at(day(4)) is None
    assert moved.spell_at(day(10)) == Spell(DOING, day(10), None)
    assert moved.spell_at(day(9)) == Spell(TODO, day(5), moved.moves[0])


def test_who_spoke_most_is_told_of_meetings_in_which_several_spoke() -> None:
    assert model.talk_top([held(day(10), 60, 40), held(day(11), 30, 45, 25), held(day(12), 100), held(day(13))]) == 52
    assert model.talk_top([held(day(12), 100)]) is None
