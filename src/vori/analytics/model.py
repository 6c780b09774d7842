"""What analytics tells: a row per kind of result, each with the evidence that it decomposes into. Pure: no I/O."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from vori.events import Language, LiveVoice, Status

Kind = Literal["meeting", "speaker", "stay", "ticket", "keyword", "topic", "trend", "insight", "anomaly"]


class Standing(BaseModel):
    """How analytics does: why it isn't working, and what to do; `at` is when its role last said so."""

    model_config = ConfigDict(frozen=True)
    state: Literal["starting", "working", "off"]
    reason: str = ""
    remedy: str = ""
    code: str = ""
    """Of the reason, for those who say it in words of their own."""
    at: datetime | None = None


SAYS_EVERY = timedelta(seconds=10)
"""How often a role that works says so."""
SILENT = Standing(
    state="starting", reason="It is getting ready, or its process ended: the log says which.", code="getting_ready"
)


def heard(last: Standing | None, at: datetime) -> Standing:
    """How analytics stands at a moment, of what its role said last: what isn't said again doesn't hold for long."""
    if last is None or last.at is None:
        return SILENT
    if last.state != "off" and at - last.at > 4 * SAYS_EVERY:
        return SILENT.model_copy(update={"at": last.at})
    return last


class Row(BaseModel):
    """A result. `key` is unique for its kind in a workspace; `day` is what it is of, by the workspace's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[Kind]

    workspace_id: UUID
    key: str
    day: date


class ScorePart(BaseModel):
    """A part of a meeting's score: 0–100, or None and why there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: float | None
    missing: str = ""


class Score(BaseModel):
    """A meeting's productivity, 0–100: the mean of its three parts by the workspace's weights. None: one is missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: float | None
    actionable: ScorePart
    decision_time: ScorePart
    participation: ScorePart


class Weights(BaseModel):
    """How much each part of the score counts; they are divided by their sum."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    actionable: float = Field(default=1.0, ge=0, le=100)
    decision_time: float = Field(default=1.0, ge=0, le=100)
    participation: float = Field(default=1.0, ge=0, le=100)


LEAST_TOGETHER = 3
"""Of two who talk with each other, each knows what is the other's: numbers of how they talked are about persons."""


class AnalyticsSettings(BaseModel):
    """What a workspace wants of analytics."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    weights: Weights = Weights()
    least_people: int = Field(default=5, ge=2, le=100)
    """Measures of the team are told when so many people spoke in the span that is asked for."""
    small_teams: Literal["hide", "show"] = "hide"
    """What is done with them when fewer did."""

    def tells(self, people: int) -> bool:
        """Whether measures are told of so many people who spoke."""
        return self.small_teams == "show" or people >= self.least_people

    @property
    def least_of_series(self) -> int:
        """Insights tell of a series in which so many spoke together; never of one that is two persons' own."""
        return LEAST_TOGETHER if self.small_teams == "show" else max(LEAST_TOGETHER, self.least_people)

    def tells_talk(self, heard: int) -> bool:
        """Whether lists of the team tell how people talked in a meeting that heard so many."""
        return self.small_teams == "show" or heard >= min(LEAST_TOGETHER, self.least_people)


class LiveNumbers(BaseModel):
    """A live meeting in numbers, from keyed state: what the live feed and `analytics.metrics` carry."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    meeting_id: UUID
    at: datetime
    """Of the last event that is in it."""
    floor: str | None
    """Who spoke last."""
    voices: list[LiveVoice]
    """By talk, most first."""
    utterances: int
    turns: int
    talk_ms: int
    questions: int
    interruptions: int | None
    topic: list[str]
    """What is talked about now: a few words, none when that can't be told."""
    decided_at_ms: int | None
    """When the last decision was worded, ms since the meeting began; None: none yet."""
    created: int
    moved: int
    over: bool


class LiveWindow(BaseModel):
    """What happened in so many minutes from `starts_at` on; `people` spoke."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    minutes: int
    starts_at: datetime
    meetings: int
    people: int
    utterances: int
    talk_ms: int
    questions: int
    created: int
    moved: int
    done: int
    decisions: int


class LiveTeam(BaseModel):
    """All meetings and work of the team as they happen, in windows of 5, 30 and 60 minutes, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    windows: list[LiveWindow]


class MeetingRow(Row):
    """An ended meeting in numbers; `key` is its id. None: can't be told of this meeting."""

    kind = "meeting"
    meeting_id: UUID
    title: str
    language: Language
    started_at: datetime
    ended_at: datetime
    length_ms: int
    hour: int
    """Of the workspace's clock when it began, 0–23."""
    weekday: int
    """1 is Monday."""
    late_ms: int | None
    """Began so much after it was planned to; None: not planned."""
    over_ms: int | None
    """Ended so much after it was planned to (negative: before)."""
    speakers: int
    utterances: int
    turns: int
    talk_ms: int
    silence_ms: int
    interruptions: int | None
    """None: all spoke on one stream, where it can't be told."""
    monologues: int
    questions: int
    answered: int
    decisions: int
    decision_ms: int | None
    """Mean from a topic's first mention to its decision."""
    created: int
    actionable: int
    """Tickets opened with an owner or a due day, as they stand now; undone ones don't count."""
    blockers: int
    carried: int
    """Tickets that were open before and still were when it ended."""
    evenness: float | None
    score: Score
    behind: dict[str, list[UUID]]
    """By the measure's name: the utterances (questions, answered, monologues, interruptions, decisions, mentions) or
    tickets (created, actionable, blockers, carried) that it counts, in order."""


class SpeakerRow(Row):
    """What one voice did in a meeting; `key` is meeting/who. For the meeting's own page alone, never for insights."""

    kind = "speaker"
    meeting_id: UUID
    who: str
    """A name; else stream:number, or the stream where its voices aren't told apart."""
    talk_ms: int
    share: float
    turns: int
    questions: int
    longest_ms: int
    """Of the turns."""


class StayRow(Row):
    """A time during which a ticket had one status; `key` is ticket/number. `day` is that of `since`."""

    kind = "stay"
    ticket_id: UUID
    number: int
    """Counted per ticket from 0."""
    status: Status
    since: datetime
    until: datetime | None
    """None: it has it still."""
    next_status: Status | None
    blocked: dict[str, int]
    """ms that it was blocked in that time, by reason."""
    title: str
    labels: tuple[str, ...]
    assigned: bool


class TicketRow(Row):
    """A ticket's life; `key` is its id, `day` that of its opening. Undone tickets have none."""

    kind = "ticket"
    ticket_id: UUID
    title: str
    labels: tuple[str, ...]
    status: Status
    opened_at: datetime
    opened_in: UUID | None
    """The meeting; None: by hand."""
    begun_at: datetime | None
    """First IN_PROGRESS."""
    done_at: datetime | None
    """Last DONE, when it is still; None: open."""
    cycle_ms: int | None
    """From `begun_at` to `done_at`."""
    lead_ms: int | None
    """From `opened_at` to `done_at`."""
    reopened: int
    """How often it left DONE."""
    meetings: tuple[UUID, ...]


class KeywordRow(Row):
    """A term that tells a meeting, or a week of the team's, from the rest; `key` is scope/id/term."""

    kind = "keyword"
    scope: Literal["meeting", "week"]
    meeting_id: UUID | None
    """Of a meeting; of a week `day` is its Monday."""
    language: Language
    term: str
    weight: float
    """Its TF-IDF."""
    count: int
    utterances: list[UUID]
    """The first few that say it."""


class TrendRow(Row):
    """A term or topic whose share of the talk rises or falls over weeks, beyond chance; `day` is the last Monday."""

    kind = "trend"
    of: Literal["term", "topic"]
    name: str
    language: Language
    weeks: list[date]
    shares: list[float]
    slope: float
    """Change of the logarithm of its odds, per week."""
    low: float
    high: float
    """The slope's interval after correction for how many were tried."""
    tried: int


class TopicRow(Row):
    """A cluster of what is talked about; `key` is its number, kept from run to run. `day` is the last Monday."""

    kind = "topic"
    number: int
    language: Language
    label: str
    words: tuple[str, ...]
    size: int
    """Stretches of talk in it."""
    weeks: list[date]
    counts: list[int]
    """Stretches of it in each week."""
    totals: list[int]
    """All stretches of that language in each week."""
    meetings: list[UUID]
    """Those most about it, first."""
    utterances: list[UUID]
    """Typical ones."""


class InsightRow(Row):
    """Something that the data supports; `key` names the question and its subject. `day` is the last day looked at."""

    kind = "insight"
    about: str
    """The question: hour, weekday, length, stay, bottleneck, series, trend …"""
    effect: float
    unit: str
    low: float
    high: float
    """The effect's interval after correction for how many were tried."""
    level: float = 0.05
    """The interval misses the truth in this share of cases: the smaller, the more was tried."""
    workspaces: list[UUID] = []
    """All that it is of; more than one: of all of these together, in a run over several."""
    n: int
    others: int
    """How many it is compared with; 0: with nothing."""
    tried: int
    sentence_ko: str
    sentence_en: str
    try_ko: str
    try_en: str
    meetings: list[UUID]
    tickets: list[UUID]


class AnomalyRow(Row):
    """Far from what is usual; `key` is measure/subject. Of a meeting, or of a week (`day` is its Monday)."""

    kind = "anomaly"
    measure: str
    scope: Literal["meeting", "week"]
    meeting_id: UUID | None
    series: str | None
    value: float
    usual: float
    """The median of its history."""
    spread: float
    """1.4826 · the median absolute deviation of meetings; of a week's mean, its error from that."""
    score: float
    """(value − usual) / spread; of lengths by their logarithms."""
    n: int
    sentence_ko: str
    sentence_en: str
    meetings: list[UUID]


ROWS: dict[Kind, type[Row]] = {
    row.kind: row
    for row in (
        MeetingRow,
        SpeakerRow,
        StayRow,
        TicketRow,
        KeywordRow,
        TrendRow,
        TopicRow,
        InsightRow,
        AnomalyRow,
    )
}

QUESTION = r"([?？]|(까|나|니|가|래)요|습니까|ㅂ니까|[을를]까)[.!…\s]*$"
"""A sentence that ends so asks something; a regular expression that Java, Python and PostgreSQL read alike."""
ANSWER_MS = 10_000
"""Somebody else begins to speak so soon after a question: it is answered."""
MONOLOGUE_MS = 120_000
"""A turn of that length or more is a monologue."""
OVERLAP_MS = 300
"""Who begins while somebody else goes on for that long or longer has interrupted."""
LEAST_SPEAKERS, LEAST_UTTERANCES, LEAST_MS = 2, 10, 300_000
"""A meeting with less has no score."""
FULL_ACTIONABLE_PER_HOUR = 4.0
"""Actionable tickets per hour for the full 100 of that part."""
SLOWEST_DECISION_MS = 1_200_000
"""A mean decision time of that or more has 0 of that part."""
