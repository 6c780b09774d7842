"""The columns of each list as a table, for spreadsheets. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vori.analytics.report import show, show_work

Rows = Callable[[Any], Iterator[dict[str, Any]]]
TEAM = ("name", "unit", "how", "value", "before", "n", "n_before", "meetings")
WORKFLOW = (
    "measure",
    "status",
    "label",
    "reason",
    "n",
    "mean_ms",
    "median_ms",
    "slow_ms",
    "before_ms",
    "tickets",
)
TOPICS = ("number", "language", "label", "words", "count", "share", "before", "direction", "meetings", "utterances")
KEYWORDS = ("term", "language", "weight", "count", "before", "direction", "utterances")
INSIGHTS = (
    "key",
    "day",
    "about",
    "effect",
    "unit",
    "low",
    "high",
    "n",
    "others",
    "tried",
    "sentence_ko",
    "sentence_en",
    "try_ko",
    "try_en",
    "meetings",
    "tickets",
)
ANOMALIES = (
    "key",
    "day",
    "measure",
    "scope",
    "series",
    "value",
    "usual",
    "spread",
    "score",
    "n",
    "sentence_ko",
    "sentence_en",
    "meetings",
)


def _team(shown: show.Team) -> Iterator[dict[str, Any]]:
    for one in shown.figures:
        yield {
            "name": one.name,
            "unit": one.unit,
            "how": one.how,
            "value": one.value,
            "before": one.before,
            "n": len(one.meetings),
            "n_before": len(one.meetings_before),
            "meetings": [share.meeting_id for share in one.meetings],
        }


def _workflow(shown: show_work.Workflow) -> Iterator[dict[str, Any]]:
    nothing = dict.fromkeys(WORKFLOW)
    named = (("status", shown.statuses), ("label", shown.labels), ("blocked", shown.reasons))
    for measure, places in named:
        for one in places:
            place = {"measure": measure, "status": one.status, "label": one.label, "reason": one.reason}
            yield nothing | place | _times(one.times)
    yield nothing | {"measure": "cycle"} | _times(shown.cycle)
    for week in shown.throughput:
        yield nothing | {"measure": f"done {week.week}", "n": len(week.tickets), "tickets": week.tickets}
    for move in shown.moves:
        told = f"{move.from_status} to {move.to_status}"
        yield nothing | {"measure": told, "status": move.to_status, "n": len(move.tickets), "tickets": move.tickets}
    yield nothing | {"measure": "reopened", "n": len(shown.reopened.again), "tickets": shown.reopened.again}
    yield nothing | {"measure": "carried", "n": len(shown.carried.tickets), "tickets": shown.carried.tickets}
    for age in shown.ageing:
        name = "open, slow" if age.slow else "open"
        yield nothing | {"measure": name, "status": age.status, "n": 1, "mean_ms": age.ms, "tickets": [age.ticket_id]}


def _times(times: show_work.TimesOut) -> dict[str, Any]:
    told = times.model_dump(include={"mean_ms", "median_ms", "slow_ms", "before_ms"})
    return told | {"n": len(times.tickets), "tickets": [one.ticket_id for one in times.tickets]}


def _items(shown: Any) -> Iterator[dict[str, Any]]:
    for item in shown.items:
        yield item.model_dump()


TABLES: Mapping[str, tuple[Sequence[str], Rows]] = {
    "team": (TEAM, _team),
    "workflow": (WORKFLOW, _workflow),
    "topics": (TOPICS, _items),
    "keywords": (KEYWORDS, _items),
    "insights": (INSIGHTS, _items),
    "anomalies": (ANOMALIES, _items),
}
