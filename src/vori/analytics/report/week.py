"""A week of analytics as a Markdown document, in Korean or English. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vori.analytics.report import show, show_work, team
from vori.analytics.report.phrases import PHRASES, Phrases
from vori.events import Language
from vori.minutes.markdown import escaped

FEW = 5
"""Of each list."""
SHOWN: tuple[team.Name, ...] = (
    "meetings",
    "length",
    "score",
    "actionable_part",
    "decision_time_part",
    "participation_part",
    "decisions",
    "created",
    "actionable",
    "blockers",
    "questions",
    "answered",
    "silence",
    "late",
)


@dataclass(frozen=True, slots=True)
class Week:
    """What a digest is made of."""

    team: show.Team
    held: Sequence[show.MeetingNamed]
    workflow: show_work.Workflow
    topics: show.Topics
    keywords: show.Keywords
    insights: show.Insights
    anomalies: show.Anomalies


def digest(week: Week, language: Language, url: str) -> str:
    """The document. What people say stays text; `url` is where VORI's pages are."""
    say = PHRASES[language]
    period = week.team.period
    parts = [
        f"# {say.title.format(first=period.first, last=period.last)}",
        _meetings(week, say, url),
        _numbers(week, say),
        _insights(week, say, language, url),
        _work(week, say, url),
        _talk(week, say),
        _anomalies(week, say, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _meetings(week: Week, say: Phrases, url: str) -> str:
    if not week.held:
        return say.no_meetings
    lines = [
        f"- [{escaped(one.title)}]({url}/meeting/?id={one.meeting_id})"
        for one in sorted(week.held, key=lambda one: one.started_at)
    ]
    return "\n".join([f"## {say.meetings}", "", *lines])


def _numbers(week: Week, say: Phrases) -> str:
    hidden = week.team.withheld
    if hidden:
        return f"## {say.numbers}\n\n{say.withheld.format(people=hidden.people, least=hidden.least)}"
    named = {one.name: one for one in week.team.figures}
    lines = [
        f"| {say.measures[name]} | {say.tell(one.unit, one.value)} | {say.tell(one.unit, one.before)} |"
        for name in SHOWN
        if (one := named[name]).value is not None or one.before is not None
    ]
    if not lines:
        return ""
    return "\n".join(
        [f"## {say.numbers}", "", f"| {say.measure} | {say.week} | {say.before} |", "|---|---:|---:|", *lines]
    )


def _insights(week: Week, say: Phrases, language: Language, url: str) -> str:
    lines = []
    for row in week.insights.items[:FEW]:
        sentence, advice = (row.sentence_ko, row.try_ko) if language == "ko" else (row.sentence_en, row.try_en)
        lines.append(f"- {escaped(sentence)} {say.support.format(n=row.n)}")
        if advice:
            lines.append(f"  - {escaped(advice)}")
        lines += [f"  - {_linked(week, one, url)}" for one in row.meetings[:3]]
    return "\n".join([f"## {say.insights}", "", *lines]) if lines else ""


def _linked(week: Week, meeting_id: UUID, url: str) -> str:
    titles = {one.meeting_id: one.title for one in week.insights.meetings}
    return f"[{escaped(titles.get(meeting_id, str(meeting_id)))}]({url}/meeting/?id={meeting_id})"


def _work(week: Week, say: Phrases, url: str) -> str:
    work = week.workflow
    done = [ticket for each in work.throughput for ticket in each.tickets]
    slow = [one for one in work.ageing if one.slow]
    titles = {one.ticket_id: one.title for one in work.tickets}
    lines = [f"- {say.done.format(count=len(done), before=work.done_before)}"]
    if work.cycle.median_ms is not None:
        median, slowest = say.tell("ms", work.cycle.median_ms), say.tell("ms", work.cycle.slow_ms)
        lines.append(f"- {say.cycle.format(median=median, slow=slowest)}")
    lines.append(f"- {say.carried.format(count=len(work.carried.tickets), before=work.carried.before)}")
    if slow:
        lines.append(f"- {say.slow.format(count=len(slow))}")
    for one in slow[:FEW]:
        title, age = escaped(titles.get(one.ticket_id, "")), say.tell("ms", one.ms)
        lines.append(f"  - [{title}]({url}/board/?ticket={one.ticket_id}) · {age}")
    return "\n".join([f"## {say.work}", "", *lines])


def _talk(week: Week, say: Phrases) -> str:
    lines = []
    for going, told in (("rising", say.rising), ("falling", say.falling)):
        found = [one.label for one in week.topics.items if one.direction == going]
        found += [one.term for one in week.keywords.items if one.direction == going]
        if found:
            lines.append(f"- {told}: {escaped(', '.join(found[:FEW]))}")
    most = [one.label for one in week.topics.items if one.count][:FEW]
    if most:
        lines.append(f"- {say.topics}: {escaped(', '.join(most))}")
    terms = [one.term for one in week.keywords.items][: 2 * FEW]
    if terms:
        lines.append(f"- {say.keywords}: {escaped(', '.join(terms))}")
    return "\n".join([f"## {say.talk}", "", *lines]) if lines else ""


def _anomalies(week: Week, say: Phrases, language: Language) -> str:
    rows = week.anomalies.items[:FEW]
    lines = [f"- {escaped(row.sentence_ko if language == 'ko' else row.sentence_en)}" for row in rows]
    return "\n".join([f"## {say.anomalies}", "", *lines]) if lines else ""


def named(day: date) -> str:
    """How the file is called."""
    return f"vori-week-{day.isoformat()}.md"
