"""Histories that are made up: well-formed, the same for the same seed, with the truths in them that were planted."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from vori.analytics.simulate.effects import DEFAULTS, Effects, effects
from vori.analytics.simulate.history import History, Wanted, write
from vori.analytics.simulate.words import RISES, TOPICS
from vori.cli.main import app
from vori.errors import Invalid
from vori.events import (
    Event,
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

LEGAL_AGAIN = (Status.DONE, Status.IN_PROGRESS)


def history(weeks: int = 6, teams: int = 2, seed: int = 7, *asked: str) -> tuple[History, list[Event]]:
    made = History(Wanted(weeks, teams, seed, effects(asked)))
    return made, list(made.events())


@pytest.fixture(scope="module")
def plain() -> tuple[History, list[Event]]:
    return history(8, 3)


@pytest.fixture(scope="module")
def planted() -> tuple[History, list[Event]]:
    return history(8, 3, 7, "ten_oclock=2", *DEFAULTS.keys() - {"ten_oclock"})


def test_every_line_is_an_event_that_is_written_back_the_same(tmp_path: Path) -> None:
    out = tmp_path / "EVENTS.jsonl"
    count, truth = write(Wanted(1, 2, 3, Effects()), out)
    lines = out.read_bytes().splitlines(keepends=True)
    assert len(lines) == count > 500
    assert all(encode(decode(line)) == line for line in lines)
    assert truth == tmp_path / "EVENTS.truth.json"
    told = json.loads(truth.read_text())
    assert (told["planted"], len(told["teams"]), told["teams"][0]["people"][0] != "") == ({}, 2, True)


def test_the_seed_decides_every_byte() -> None:
    first, again, other = (b"".join(map(encode, history(1, 2, seed)[1])) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_events_come_in_the_order_of_time_and_no_id_comes_twice(plain: tuple[History, list[Event]]) -> None:
    _, events = plain
    assert all(one.occurred_at <= other.occurred_at for one, other in pairwise(events))
    assert len({event.event_id for event in events}) == len(events)


def test_what_is_proved_was_said_before_and_tickets_move_as_they_may(plain: tuple[History, list[Event]]) -> None:
    _, events = plain
    said: dict[UUID, str] = {}
    stands: dict[UUID, object] = {}
    proved = moved = 0
    for event in events:
        match event:
            case UtteranceFinal():
                said[event.utterance_id] = event.text
            case TicketCreated():
                assert event.ticket.ticket_id not in stands
                stands[event.ticket.ticket_id] = event.ticket
            case TicketUpdated():
                assert stands.pop(event.before.ticket_id) == event.before, "it goes on from where it stood"
                if event.after:
                    stands[event.before.ticket_id] = event.after
                    change = (event.before.status, event.after.status)
                    moved += change[0] is not change[1]
                    assert change[0] is change[1] or may_move(*change) or change == LEGAL_AGAIN
            case _:
                continue
        if isinstance(event, TicketCreated | TicketUpdated):
            proved += len(event.evidence)
            assert all(said[proof.utterance_id] == proof.quote for proof in event.evidence)
    assert proved > 50
    assert moved > 100


def test_a_team_s_meetings_follow_one_another_on_its_own_working_days(plain: tuple[History, list[Event]]) -> None:
    made, events = plain
    zones = {team.workspace_id: team.zone for team in made.teams}
    open_: dict[UUID, UUID] = {}
    for event in events:
        if isinstance(event, MeetingStarted):
            assert event.workspace_id not in open_, "one at a time"
            open_[event.workspace_id] = event.meeting_id
            local = event.occurred_at.astimezone(zones[event.workspace_id])
            assert local.weekday() < 5
            assert 9 <= local.hour <= 16
        elif isinstance(event, UtteranceFinal):
            assert event.meeting_id == open_[event.workspace_id]
        elif isinstance(event, MeetingReported):
            assert open_.pop(event.workspace_id) == event.meeting_id


def actionable_by_hour(made: History, events: Sequence[Event]) -> dict[bool, float]:
    """Mean actionable tickets of meetings: those at ten, and the others."""
    zones: dict[UUID, ZoneInfo] = {team.workspace_id: team.zone for team in made.teams}
    hours = {
        one.meeting_id: one.occurred_at.astimezone(zones[one.workspace_id]).hour
        for one in events
        if isinstance(one, MeetingStarted)
    }
    made_in = Counter(
        one.meeting_id for one in events if isinstance(one, TicketCreated) and (one.ticket.assignee or one.ticket.due)
    )
    groups = defaultdict(list)
    for meeting, hour in hours.items():
        groups[hour == 10].append(made_in[meeting])
    return {at_ten: mean(counts) for at_ten, counts in groups.items()}


def days_in_progress(events: Iterable[Event]) -> dict[str, float]:
    """Mean, of backend tickets and of others."""
    since: dict[UUID, datetime] = {}
    took = defaultdict(list)
    for event in events:
        if isinstance(event, TicketUpdated) and event.after and event.before.status is not event.after.status:
            key = event.before.ticket_id
            if event.after.status is Status.IN_PROGRESS:
                since[key] = event.occurred_at
            elif key in since:
                took["backend" in event.after.labels].append((event.occurred_at - since.pop(key)).total_seconds())
    return {"backend" if backend else "others": mean(seconds) / 86400 for backend, seconds in took.items()}


def days_blocked(made: History, events: Iterable[Event]) -> list[float]:
    """Mean for each team."""
    since: dict[UUID, datetime] = {}
    took = defaultdict(list)
    for event in events:
        if isinstance(event, TicketUpdated) and event.after and event.before.blocked is not event.after.blocked:
            if event.after.blocked:
                since[event.before.ticket_id] = event.occurred_at
            else:
                waited = event.occurred_at - since.pop(event.before.ticket_id)
                took[event.workspace_id].append(waited.total_seconds() / 86400)
    return [mean(took[team.workspace_id]) for team in made.teams]


def share_of_topic(events: Sequence[Event]) -> float:
    """How many times as much the rising topic is named in the last third as in the first."""
    names = tuple(name for names in TOPICS[RISES].values() for name in names)
    said = [any(name in one.text for name in names) for one in events if isinstance(one, UtteranceFinal)]
    third = len(said) // 3
    return mean(said[-third:]) / mean(said[:third])


def meetings_in(made: History, events: Iterable[Event]) -> dict[tuple[int, int], int]:
    number = {team.workspace_id: team.number for team in made.teams}
    weeks: Counter[tuple[int, int]] = Counter()
    first = None
    for one in events:
        if isinstance(one, MeetingStarted):
            first = first or one.occurred_at
            weeks[number[one.workspace_id], (one.occurred_at - first).days // 7] += 1
    return weeks


def test_each_effect_is_in_the_counts_and_not_there_without(
    plain: tuple[History, list[Event]], planted: tuple[History, list[Event]]
) -> None:
    usual, odd = actionable_by_hour(*plain), actionable_by_hour(*planted)
    assert 0.7 < usual[True] / usual[False] < 1.4
    assert odd[True] / odd[False] > 2
    usual_days, slow_days = days_in_progress(plain[1]), days_in_progress(planted[1])
    assert usual_days["backend"] / usual_days["others"] < 1.4
    assert slow_days["backend"] / slow_days["others"] > 1.5
    waits, bottleneck = days_blocked(*plain), days_blocked(*planted)
    assert max(waits) < 1.3 * min(waits) + 0.3
    assert bottleneck[0] > 3 * max(bottleneck[1:])
    assert 0.5 < share_of_topic(plain[1]) < 1.8
    assert share_of_topic(planted[1]) > 2
    usual_weeks, weeks = meetings_in(*plain), meetings_in(*planted)
    assert usual_weeks[1, 4] >= 9
    assert weeks[1, 4] < 9


@pytest.mark.parametrize("asked", ["nothing_like_it", "ten_oclock=", "ten_oclock=much", "ten_oclock=-1", "none=2"])
def test_an_effect_or_a_size_that_is_none_is_refused(asked: str) -> None:
    if asked == "ten_oclock=":
        assert effects([asked]).ten_oclock == DEFAULTS["ten_oclock"]
        return
    with pytest.raises(Invalid):
        effects([asked])


def test_what_was_there_stays_when_a_history_can_t_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "EVENTS.jsonl"
    out.write_text("before")
    monkeypatch.setattr(History, "truth", lambda _self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(Wanted(1, 1, 1, Effects()), out)
    assert (out.read_text(), [one.name for one in tmp_path.iterdir()]) == ("before", ["EVENTS.jsonl"])
    with pytest.raises(Invalid, match="can't be written"):
        write(Wanted(1, 1, 1, Effects()), tmp_path / "nowhere" / "EVENTS.jsonl")


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    out = tmp_path / "EVENTS.jsonl"
    done = CliRunner().invoke(app, ["simulate", "--weeks", "1", "--teams", "1", "--effect", "none", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert f"{len(out.read_bytes().splitlines())} events" in done.output
