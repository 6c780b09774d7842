"""Histories that are made up: well-formed, the same for the same seed, with the truths in them that were planted."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from pydantic_core import from_json

from vori.analytics.simulate.effects import EFFECTS, read_effects
from vori.analytics.simulate.lines import utterance_id, utterance_ids, utterance_lines
from vori.analytics.simulate.people import generator
from vori.analytics.simulate.write import Wanted, make_histories, write_history
from vori.errors import Invalid
from vori.events import (
    Event,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    Status,
    TicketCreated,
    TicketUpdated,
    UtteranceFinal,
    decode,
    encode,
)
from vori.tickets.model import may_move

UTTERANCE = b'{"type":"UtteranceFinal"'
ALL = ("ten_oclock=1.5", "backend_slow=4", "review_bottleneck=5", "odd_week", "rising_topic=8")


@dataclass
class Written:
    """A history's files, read: utterances as plain objects, since they are many, all else as events."""

    lines: list[bytes]
    truth: dict[str, Any]

    def __post_init__(self) -> None:
        self.all = [from_json(line)["event"] if line.startswith(UTTERANCE) else decode(line) for line in self.lines]
        self.events: list[Event] = [one for one in self.all if isinstance(one, Event)]
        self.said: list[dict[str, Any]] = [one for one in self.all if isinstance(one, dict)]
        self.zones = {UUID(team["workspace_id"]): ZoneInfo(team["time_zone"]) for team in self.truth["teams"]}

    def local(self, event: Event) -> datetime:
        return event.occurred_at.astimezone(self.zones[event.workspace_id])

    def updates(self) -> Iterator[TicketUpdated]:
        return (event for event in self.events if isinstance(event, TicketUpdated))


def write(folder: Path, wanted: Wanted) -> Written:
    out = folder / "EVENTS.jsonl"
    count = write_history(wanted, out)
    lines = out.read_bytes().splitlines(keepends=True)
    truth = json.loads((folder / "EVENTS.truth.json").read_text(encoding="utf-8"))
    assert len(lines) == count.total()
    assert truth["events"] == dict(count)
    return Written(lines, truth)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("plain"), Wanted(5, 3, 5, 7, {}))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Written:
    sizes = read_effects(ALL, weeks=5, teams=3)
    return write(tmp_path_factory.mktemp("planted"), Wanted(5, 3, 5, 7, sizes))


def test_every_line_is_an_event_that_is_written_back_the_same(tmp_path: Path) -> None:
    written = write(tmp_path, Wanted(1, 2, 3, 3, {}))
    assert all(encode(decode(line)) == line for line in written.lines)
    assert {type(decode(line)).__name__ for line in written.lines} == set(written.truth["events"])


@pytest.mark.parametrize("moment", [1_772_413_815_250, 1_772_413_815_000, 1_772_413_815_007])
def test_an_utterance_is_written_as_its_event_would_be(moment: int) -> None:
    drawn = utterance_ids(2, generator(1))[1]
    workspace, meeting, stream = uuid4(), uuid4(), uuid4()
    said = [(drawn, moment, 0, 1200, 3400, "배포는 목요일로 합시다?")]
    [(at, line)] = utterance_lines((workspace, meeting, "ko"), [(stream, "지호")], iter(said))
    event = decode(line.encode())
    assert isinstance(event, UtteranceFinal)
    assert encode(event).decode() == line
    assert (event.occurred_at.timestamp() * 1000, at) == (moment, moment)
    assert (event.workspace_id, event.meeting_id, event.stream) == (workspace, meeting, stream)
    assert (event.utterance_id, event.event_id.version) == (UUID(utterance_id(drawn)), 7)
    assert (event.speaker, event.start_ms, event.end_ms, event.text) == ("지호", 1200, 3400, "배포는 목요일로 합시다?")


def test_the_seed_decides_every_byte(tmp_path: Path) -> None:
    first, again, other = (write(tmp_path, Wanted(1, 2, 4, seed, {})) for seed in (3, 3, 4))
    assert (first.lines, first.truth) == (again.lines, again.truth)
    assert first.lines != other.lines


def test_events_come_in_the_order_of_time_and_no_id_comes_twice(planted: Written) -> None:
    moments = [
        datetime.fromisoformat(one["occurred_at"]) if isinstance(one, dict) else one.occurred_at for one in planted.all
    ]
    assert all(one <= other for one, other in pairwise(moments))
    ids = [UUID(one["event_id"]) if isinstance(one, dict) else one.event_id for one in planted.all]
    assert len(set(ids)) == len(ids)
    assert len({one["utterance_id"] for one in planted.said}) == len(planted.said)


def test_what_is_proved_was_said_before(planted: Written) -> None:
    said: dict[UUID, dict[str, Any]] = {}
    proved: Counter[str] = Counter()
    for one in planted.all:
        if isinstance(one, dict):
            said[UUID(one["utterance_id"])] = one
            continue
        groups = [getattr(one, "evidence", ())]
        if isinstance(one, MeetingReported):
            groups = [ticket.evidence for ticket in one.tickets] + [made.evidence for made in one.decisions]
        for proof in (proof for group in groups for proof in group):
            heard = said[proof.utterance_id]
            assert (proof.quote, proof.speaker, proof.start_ms) == (heard["text"], heard["speaker"], heard["start_ms"])
            assert str(one.meeting_id) == heard["meeting_id"]
            proved[type(one).__name__] += 1
    assert min(proved[name] for name in ("TicketCreated", "TicketUpdated", "MeetingReported")) > 50


def test_tickets_go_on_from_where_they_stood_and_move_as_they_may(planted: Written) -> None:
    stands: dict[UUID, Any] = {}
    gone: set[UUID] = set()
    kinds: Counter[str] = Counter()
    for event in planted.events:
        if isinstance(event, TicketCreated):
            assert event.ticket.ticket_id not in stands
            stands[event.ticket.ticket_id] = event.ticket
        elif isinstance(event, TicketUpdated):
            before, after = event.before, event.after
            assert stands[before.ticket_id] == before
            if after is None:
                gone.add(before.ticket_id)
                del stands[before.ticket_id]
                continue
            stands[before.ticket_id] = after
            assert before.status == after.status or may_move(before.status, after.status, reopens=True)
            assert not (after.blocked and after.status == Status.DONE)
            kinds["reopened"] += before.status == Status.DONE
            kinds["told" if event.evidence else "by hand"] += 1
            kinds["another day"] += before.due != after.due
        elif isinstance(event, MeetingReported):
            for facts in event.open_before:
                assert facts.status != Status.DONE
                assert facts == stands[facts.ticket_id].model_copy(update={"content": ""})
            kinds["carried over"] += len(event.open_before)
    assert len({facts.key for facts in stands.values()}) > 100
    assert gone
    assert set(kinds) == {key for key, count in kinds.items() if count > 3}


def test_a_team_works_on_its_own_days_and_holds_one_meeting_at_a_time(planted: Written) -> None:
    holidays = {UUID(team["workspace_id"]): set(team["holidays"]) for team in planted.truth["teams"]}
    assert any(holidays.values())
    going: dict[UUID, UUID] = {}
    for event in planted.events:
        local = planted.local(event)
        assert local.weekday() < 5
        assert local.date().isoformat() not in holidays[event.workspace_id]
        assert 8 < local.hour < 21
        if isinstance(event, MeetingStarted):
            assert going.setdefault(event.workspace_id, event.meeting_id) == event.meeting_id
        elif isinstance(event, TicketUpdated) and not event.evidence:
            assert event.workspace_id not in going, "they sit in a meeting"
        elif isinstance(event, MeetingReported):
            assert going.pop(event.workspace_id) == event.meeting_id
    assert not going


def test_a_meeting_tells_when_it_was_planned(planted: Written) -> None:
    series = {
        (team["workspace_id"], one["title"]): (one["at"], one["minutes"])
        for team in planted.truth["teams"]
        for one in team["series"]
    }
    late = set()
    for event in planted.events:
        if isinstance(event, MeetingStarted):
            assert event.planned_at
            assert event.planned_until
            at, minutes = series[str(event.workspace_id), event.title]
            local = event.planned_at.astimezone(planted.zones[event.workspace_id])
            assert (f"{local:%H:%M}", event.planned_until - event.planned_at) == (at, timedelta(minutes=minutes))
            late.add(event.occurred_at - event.planned_at)
    assert min(late) >= timedelta(0)
    assert timedelta(minutes=5) < max(late) <= timedelta(minutes=25)


def test_nobody_s_stream_says_two_things_at_once_but_people_interrupt(planted: Written) -> None:
    until: dict[str, int] = {}
    latest: dict[str, int] = {}
    interrupted = 0
    for one in sorted(planted.said, key=lambda one: (one["meeting_id"], one["start_ms"])):
        assert until.get(one["stream"], 0) <= one["start_ms"] < one["end_ms"]
        interrupted += one["start_ms"] < latest.get(one["meeting_id"], 0)
        until[one["stream"]] = one["end_ms"]
        latest[one["meeting_id"]] = max(one["end_ms"], latest.get(one["meeting_id"], 0))
    assert 0.02 < interrupted / len(planted.said) < 0.3


def test_a_meeting_keeps_its_local_hour_when_the_clocks_change() -> None:
    new_york = make_histories(Wanted(12, 2, 6, 1, {}))[1]
    daily = [slot for slot in new_york.calendar.slots if slot.series.kind == "daily"]
    assert new_york.team.time_zone == "America/New_York"
    hours = {
        after: {datetime.fromtimestamp(slot.start / 1000, new_york.team.zone).hour for slot in daily if split(slot.day)}
        for after, split in ((True, date(2026, 3, 8).__le__), (False, date(2026, 3, 8).__gt__))
    }
    utc = [slot.start // 3_600_000 % 24 for slot in (daily[0], daily[-1])]
    assert hours[True] == hours[False] == {daily[0].hour}
    assert utc[0] == utc[1] + 1


def actionable_at_ten(written: Written) -> float:
    """How many times as many actionable tickets a meeting at ten opens as another."""
    hours = {one.meeting_id: written.local(one).hour for one in written.events if isinstance(one, MeetingStarted)}
    undone = {one.before.ticket_id for one in written.updates() if one.after is None}
    opened = Counter(
        one.meeting_id
        for one in written.events
        if isinstance(one, TicketCreated)
        and (one.ticket.assignee or one.ticket.due)
        and one.ticket.ticket_id not in undone
    )
    groups = defaultdict(list)
    for meeting, hour in hours.items():
        groups[hour == 10].append(opened[meeting])
    return mean(groups[True]) / mean(groups[False])


def days(written: Written, begins: Any, ends: Any, group: Any) -> dict[Any, float]:
    """Mean days from what begins something on a ticket until what ends it, by group."""
    since: dict[UUID, datetime] = {}
    took = defaultdict(list)
    for event in written.updates():
        if event.after and ends(event) and event.before.ticket_id in since:
            waited = event.occurred_at - since.pop(event.before.ticket_id)
            took[group(event)].append(waited.total_seconds() / 86400)
        if event.after and begins(event):
            since[event.before.ticket_id] = event.occurred_at
    return {key: mean(values) for key, values in took.items()}


def days_in_progress(written: Written) -> dict[bool, float]:
    """Of tickets labelled backend, and others; the team with slow reviews left out."""
    slow = written.truth["planted"].get("review_bottleneck", {}).get("workspace_id")
    moved = Status.IN_PROGRESS
    found = days(
        written,
        lambda one: one.before.status != moved and one.after.status == moved,
        lambda one: one.before.status == moved and one.after.status != moved,
        lambda one: None if str(one.workspace_id) == slow else "backend" in one.after.labels,
    )
    return {key: value for key, value in found.items() if key is not None}


def days_in_review(written: Written) -> dict[UUID, float]:
    reasons = set(written.truth["blocked_reasons"]["review"].values())
    return days(
        written,
        lambda one: one.after.blocked_reason in reasons,
        lambda one: one.before.blocked_reason in reasons,
        lambda one: one.workspace_id,
    )


def week_by_week(written: Written) -> dict[UUID, list[tuple[int, float, float]]]:
    """Of each team's weeks: meetings, their mean minutes, their mean decisions."""
    begun = {one.meeting_id: one.occurred_at for one in written.events if isinstance(one, MeetingStarted)}
    ended = {one.meeting_id: one.occurred_at for one in written.events if isinstance(one, MeetingEnded)}
    held = defaultdict(list)
    for one in written.events:
        if isinstance(one, MeetingReported):
            minutes = (ended[one.meeting_id] - begun[one.meeting_id]).total_seconds() / 60
            week = (written.local(one).date() - date(2026, 1, 5)).days // 7
            held[one.workspace_id, week].append((minutes, len(one.decisions)))
    weeks: dict[UUID, list[tuple[int, float, float]]] = defaultdict(list)
    for (team, _), found in sorted(held.items(), key=lambda item: item[0][1]):
        weeks[team].append((len(found), mean(one[0] for one in found), mean(one[1] for one in found)))
    return weeks


def rise(written: Written, words: Sequence[str]) -> float:
    """How many times as often the words are heard in the last third as in the first."""
    heard = [any(word in one["text"] for word in words) for one in written.said]
    third = len(heard) // 3
    return mean(heard[-third:]) / mean(heard[:third])


def test_meetings_at_ten_open_more_actionable_tickets(plain: Written, planted: Written) -> None:
    assert 0.8 < actionable_at_ten(plain) < 1.25
    assert 2 < actionable_at_ten(planted) < 3.2


def test_backend_tickets_stay_in_progress(plain: Written, planted: Written) -> None:
    usual, slow = days_in_progress(plain), days_in_progress(planted)
    assert all(0.75 < value < 1.3 for value in (*usual.values(), slow[False]))
    assert 2.8 < slow[True] < 5


def test_one_team_s_tickets_wait_in_review(plain: Written, planted: Written) -> None:
    usual, slow = days_in_review(plain), days_in_review(planted)
    team = UUID(planted.truth["planted"]["review_bottleneck"]["workspace_id"])
    assert all(0.15 < value < 0.6 for value in (*usual.values(), *(slow[key] for key in slow if key != team)))
    assert 3 < slow[team] < 7


def test_one_week_of_one_team_is_odd(plain: Written, planted: Written) -> None:
    told = planted.truth["planted"]["odd_week"]
    team, week = UUID(told["workspace_id"]), (date.fromisoformat(told["week_of"]) - date(2026, 1, 5)).days // 7
    usual, odd = week_by_week(plain)[team][week], week_by_week(planted)[team][week]
    assert odd[0] == told["meetings"] <= 0.6 * usual[0]
    assert odd[1] > 1.4 * usual[1]
    assert odd[2] < 0.6 * usual[2]
    for key, weeks in week_by_week(planted).items():
        others = [one for number, one in enumerate(weeks) if (key, number) != (team, week)]
        assert [one[0] for one in others] == [
            one[0] for number, one in enumerate(week_by_week(plain)[key]) if (key, number) != (team, week)
        ]


def test_one_topic_rises(plain: Written, planted: Written) -> None:
    told = planted.truth["planted"]["rising_topic"]
    words = [word for language in told["words"].values() for word in language]
    assert 0.4 < rise(plain, words) < 2.2
    assert rise(planted, words) > 3
    other = next(topic for topic in planted.truth["topics"] if topic != told["topic"])
    about = planted.truth["topics"][other]["words"]
    assert rise(planted, [word for language in about.values() for word in language]) < 1.5


def test_without_effects_the_truth_says_so(plain: Written, planted: Written) -> None:
    assert plain.truth["planted"] == {}
    assert planted.truth["planted"].keys() == EFFECTS.keys()
    assert read_effects(["none"], weeks=1, teams=1) == read_effects([], weeks=1, teams=1) == {}
    assert read_effects(["odd_week", "ten_oclock=0.5"], weeks=3, teams=1) == {"odd_week": 0.5, "ten_oclock": 0.5}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["nothing_like_it"], "no effect 'nothing_like_it'"),
        (["ten_oclock="], "'' is no size for ten_oclock"),
        (["ten_oclock=much"], "'much' is no size"),
        (["backend_slow=nan"], "from 0.5 to 30"),
        (["odd_week=-1"], "'-1' is no size"),
        (["none=2"], "none stands alone"),
        (["none", "odd_week"], "none stands alone"),
        (["odd_week", "odd_week=0.3"], "named twice"),
        (["review_bottleneck"], "2 teams"),
        (["rising_topic"], "2 weeks"),
    ],
)
def test_an_effect_or_a_size_that_is_none_is_refused(asked: list[str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        read_effects(asked, weeks=1 if asked == ["rising_topic"] else 9, teams=1)


def test_what_was_there_stays_when_a_history_can_t_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "EVENTS.jsonl"
    out.write_text("before")
    with monkeypatch.context() as patch:
        patch.setattr("vori.analytics.simulate.write.tell_truth", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_history(Wanted(1, 1, 3, 1, {}), out)
    assert (out.read_text(), [one.name for one in tmp_path.iterdir()]) == ("before", ["EVENTS.jsonl"])
    (tmp_path / "EVENTS.truth.json").mkdir()
    with pytest.raises(Invalid, match="is a folder"):
        write_history(Wanted(1, 1, 3, 1, {}), out)
    assert out.read_text() == "before"
    with pytest.raises(Invalid, match="can't be written"):
        write_history(Wanted(1, 1, 3, 1, {}), tmp_path / "nowhere" / "EVENTS.jsonl")
