"""Results as a page of Markdown to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from statistics import mean
from uuid import UUID

from vori.analytics.model import (
    AnalyticsSettings,
    AnomalyRow,
    InsightRow,
    Kind,
    MeetingRow,
    Row,
    StayRow,
    TicketRow,
    TopicRow,
    TrendRow,
)
from vori.analytics.voices import people_by_team

DAY, DAY_MS = timedelta(days=1), 86_400_000
NONE = "–"


def write_summary(found: Mapping[Kind, Sequence[Row]]) -> str:
    """What was found, team by team, in tables; insights and what is unusual in sentences, Korean and English."""
    meetings = [row for row in found.get("meeting", ()) if isinstance(row, MeetingRow)]
    stays = [row for row in found.get("stay", ()) if isinstance(row, StayRow)]
    tickets = [row for row in found.get("ticket", ()) if isinstance(row, TicketRow)]
    said = [row for row in found.get("insight", ()) if isinstance(row, InsightRow)]
    unusual = [row for row in found.get("anomaly", ()) if isinstance(row, AnomalyRow)]
    people = people_by_team(found.get("speaker", ()))
    parts = ["# Meetings and work", *_days(meetings), *_meetings(meetings, people), *_work(stays, tickets)]
    parts += _talk(
        [row for row in found.get("topic", ()) if isinstance(row, TopicRow)],
        [row for row in found.get("trend", ()) if isinstance(row, TrendRow)],
    )
    if "insight" in found:
        parts += ["## Insights", *(_insight(row) for row in said)] if said else ["## Insights", "None: 없습니다."]
    if unusual:
        parts += ["## Unusual", *(f"- {row.day}: {row.sentence_ko}\n  {row.sentence_en}" for row in unusual)]
    return "\n\n".join(parts) + "\n"


def _days(meetings: Sequence[MeetingRow]) -> list[str]:
    if not meetings:
        return ["No meeting ended."]
    days = [row.day for row in meetings]
    return [f"{len(meetings)} meetings from {min(days)} to {max(days)}. Numbers are means per meeting unless told."]


def _talk(topics: Sequence[TopicRow], trends: Sequence[TrendRow]) -> list[str]:
    """Topics of each team by size, as shares of its talk in that language, and what rises or falls."""
    told = [
        f"- {row.label}: {row.size / sum(row.totals):.0%}"
        for row in sorted(topics, key=lambda row: (row.workspace_id, row.language, -row.size, row.number))
    ]
    moved = [
        f"- {row.name}: {'rises' if row.slope > 0 else 'falls'}, {row.shares[0]:.1%} → {row.shares[-1]:.1%}"
        for row in trends
    ]
    return [
        *(["## Topics", "\n".join(told)] if told else []),
        *(["## Rising and falling", "\n".join(moved)] if moved else []),
    ]


def _insight(row: InsightRow) -> str:
    counted = f"n = {row.n}" + (f" against {row.others}" if row.others else "")
    told = f"{row.effect:.3g} {row.unit}, {row.low:.3g} to {row.high:.3g}; {counted}; {row.tried} were tried"
    return f"- {row.sentence_ko}\n  {row.sentence_en}\n  ({told})\n  → {row.try_ko} / {row.try_en}"


def _meetings(meetings: Sequence[MeetingRow], people: Mapping[UUID, int]) -> list[str]:
    """By series. How people talked is told as a workspace tells it that has settled nothing."""
    wanted = AnalyticsSettings()
    by_series: defaultdict[tuple[UUID, str], list[MeetingRow]] = defaultdict(list)
    for row in meetings:
        by_series[row.workspace_id, row.title].append(row)
    head = (
        "series",
        "meetings",
        "minutes",
        "score",
        "actionable",
        "decisions",
        "interruptions",
        "evenness",
        "late (min)",
    )
    rows = [
        (
            title,
            str(len(held)),
            _mean(row.length_ms / 60_000 for row in held),
            _mean(row.score.value for row in told),
            _mean(row.actionable for row in held),
            _mean(row.decisions for row in held),
            _mean(row.interruptions for row in told),
            _mean((row.evenness for row in told), 2),
            _mean(None if row.late_ms is None else row.late_ms / 60_000 for row in held),
        )
        for (team, title), held in sorted(by_series.items(), key=lambda one: one[0][1])
        for told in [[row for row in held if wanted.tells(people.get(team, 0)) and wanted.tells_talk(row.speakers)]]
    ]
    return ["## Meetings", _table(head, rows)] if rows else []


def _work(stays: Sequence[StayRow], tickets: Sequence[TicketRow]) -> list[str]:
    labelled: defaultdict[str, list[StayRow]] = defaultdict(list)
    for row in stays:
        for label in row.labels or (NONE,):
            labelled[label].append(row)
    rows = []
    for label, of_label in sorted(labelled.items()):
        ended = [(row.since, row.until, row.status) for row in of_label if row.until is not None]
        days = {
            status: _mean((until - since) / DAY for since, until, of in ended if of == status)
            for status in ("TODO", "IN_PROGRESS")
        }
        blocked = sum(sum(row.blocked.values()) for row in of_label) / DAY_MS
        rows.append(
            (label, str(len({row.ticket_id for row in of_label})), days["TODO"], days["IN_PROGRESS"], f"{blocked:.1f}")
        )
    if not tickets:
        return []
    told = (
        f"{len(tickets)} tickets were opened; {sum(row.done_at is not None for row in tickets)} are done, "
        f"{sum(row.reopened > 0 for row in tickets)} were reopened. Cycle time: "
        f"{_mean(None if row.cycle_ms is None else row.cycle_ms / DAY_MS for row in tickets)} days, lead time: "
        f"{_mean(None if row.lead_ms is None else row.lead_ms / DAY_MS for row in tickets)} days."
    )
    return [
        "## Work",
        told,
        _table(("label", "tickets", "days in TODO", "days IN_PROGRESS", "days blocked, in all"), rows),
    ]


def _mean(values: Iterable[float | None], digits: int = 1) -> str:
    known = [value for value in values if value is not None]
    return f"{mean(known):.{digits}f}" if known else NONE


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(one.replace("|", "\\|") for one in row) + " |" for row in cells)
