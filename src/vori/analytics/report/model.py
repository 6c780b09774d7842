"""Who may be told of a span, its meetings, and what is usual of many values. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vori.analytics.model import AnalyticsSettings, MeetingRow, SpeakerRow
from vori.analytics.spans import Span
from vori.analytics.voices import people_in


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why the team's measures aren't told."""

    people: int
    least: int


def withheld(speakers: Iterable[SpeakerRow], settings: AnalyticsSettings) -> Withheld | None:
    """None: they may be told."""
    people = people_in(speakers)
    if settings.tells(people):
        return None
    return Withheld(people, settings.least_people)


def within(meetings: Iterable[MeetingRow], span: Span) -> list[MeetingRow]:
    """Those of the span, in the order in which they were held."""
    return sorted((row for row in meetings if row.day in span), key=lambda row: (row.started_at, row.key))


def quantile(values: Sequence[float], part: float) -> float | None:
    """By linear interpolation between the two nearest; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
