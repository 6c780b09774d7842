"""A history into its two files: the events of all teams in order of time, and the truth to hold an analysis against."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from vori.analytics.simulate import effects
from vori.analytics.simulate.effects import EFFECTS, Truths
from vori.analytics.simulate.history import History
from vori.analytics.simulate.people import FIRST_DAY, generator, make_teams
from vori.analytics.simulate.sentences import ACCESS, LABELS, REVIEW, TERMS, TOPICS, terms
from vori.errors import Invalid
from vori.events import Language

MOST = {"weeks": 520, "teams": 100, "people": 40}
"""A history has no more; people in each team."""


def truth_path(out: Path) -> Path:
    """EVENTS.truth.json beside EVENTS.jsonl."""
    return out.with_suffix(".truth.json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much history there is to be; `sizes` are those of the effects."""

    weeks: int
    teams: int
    people: int
    """In each team."""
    seed: int
    sizes: Mapping[str, float]


def write_history(wanted: Wanted, out: Path) -> Counter[str]:
    """Write both files, whole or not at all; counts the events by type. Raises `Invalid` when that can't be done."""
    histories = make_histories(wanted)
    truth = truth_path(out)
    partial = {path: path.with_name(path.name + ".part") for path in (truth, out)}
    for path in partial:
        if path.is_dir():
            raise Invalid(f"{path} is a folder.", remedy="Name another file.")
    try:
        with partial[out].open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
            file.writelines(line for _, line in heapq.merge(*(one.lines() for one in histories), key=itemgetter(0)))
        told = json.dumps(tell_truth(histories), ensure_ascii=False, indent=1) + "\n"
        partial[truth].write_text(told, encoding="utf-8", newline="\n")
        for path, written in partial.items():
            written.replace(path)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror or error}.", remedy="Name another file.") from error
    finally:
        for written in partial.values():
            written.unlink(missing_ok=True)
    return sum((one.told for one in histories), Counter())


def make_histories(wanted: Wanted) -> list[History]:
    """A history per team, with the truths placed by the seed. The odd week is a whole one, neither first nor last."""
    chance = generator(wanted.seed, 5)
    teams = make_teams(wanted.teams, wanted.people, wanted.seed)
    slow, odd = chance.integers(wanted.teams, size=2).tolist()
    short = {(day - FIRST_DAY).days // 7 for day in _days(wanted.weeks) if teams[odd].is_holiday(day)}
    inner = range(1, max(2, wanted.weeks - 1))
    whole = [week for week in inner if week not in short] or inner
    truths = Truths(
        sizes=wanted.sizes,
        team=slow,
        odd_team=odd,
        odd_week=whole[chance.integers(len(whole))],
        topic=TOPICS[chance.integers(len(TOPICS))],
        weeks=wanted.weeks,
    )
    return [History(team, truths, wanted.seed) for team in teams]


def _days(weeks: int) -> list[date]:
    return [FIRST_DAY + timedelta(days=day) for day in range(7 * weeks)]


def tell_truth(histories: list[History]) -> dict[str, Any]:
    """What was planted and what there is besides, once the histories are told."""
    truths = histories[0].truths
    return {
        "seed": histories[0].seed,
        "weeks": truths.weeks,
        "from": FIRST_DAY.isoformat(),
        "to": _days(truths.weeks)[-1].isoformat(),
        "planted": _planted(histories, truths),
        "unless_planted": {
            "actionable_tickets_per_meeting": effects.ACTIONABLE,
            "other_tickets_per_meeting": effects.LOOSE,
            "decisions_per_meeting": effects.DECISIONS,
            "todo_days": effects.TODO_DAYS,
            "in_progress_days": effects.IN_PROGRESS_DAYS,
            "of_which_in_review_days": effects.REVIEW_DAYS,
        },
        "blocked_reasons": {"review": REVIEW, "access": ACCESS},
        "topics": {topic: {"label": label, "words": _words(topic)} for topic, label in LABELS.items()},
        "events": dict(sorted(sum((one.told for one in histories), Counter()).items())),
        "teams": [_told(one) for one in histories],
    }


def _planted(histories: list[History], truths: Truths) -> dict[str, dict[str, Any]]:
    """The planted truths, with the places where they hold."""
    monday = FIRST_DAY + timedelta(days=7 * truths.odd_week)
    places: dict[str, dict[str, Any]] = {
        "ten_oclock": {"local_hour": 10},
        "backend_slow": {"label": "backend"},
        "review_bottleneck": {"workspace_id": str(histories[truths.team].team.workspace_id)},
        "odd_week": {
            "workspace_id": str(histories[truths.odd_team].team.workspace_id),
            "week_of": monday.isoformat(),
            "meetings": sum(slot.week == truths.odd_week for slot in histories[truths.odd_team].calendar.slots),
        },
        "rising_topic": {"topic": truths.topic, "words": _words(truths.topic)},
    }
    return {name: {"size": size, "unit": EFFECTS[name].unit} | places[name] for name, size in truths.sizes.items()}


def _words(topic: str) -> dict[Language, list[str]]:
    return {language: terms(language, topic) for language in TERMS}


def _told(history: History) -> dict[str, Any]:
    team, slots = history.team, history.calendar.slots
    return {
        "workspace_id": str(team.workspace_id),
        "name": team.name,
        "language": team.language,
        "time_zone": team.time_zone,
        "people": team.people,
        "holidays": [day.isoformat() for day in _days(history.truths.weeks) if team.is_holiday(day)],
        "series": [one.told(team) for one in history.series],
        "meetings": len(slots),
        "meetings_at_ten": sum(slot.hour == 10 for slot in slots),
        "tickets": history.board.opened,
    }
