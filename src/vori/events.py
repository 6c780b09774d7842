"""Everything that crosses from one slice to another: one frozen model per fact, with its topic, key and schema version.

On the wire an event is one JSON line; an event that carries sound has the raw bytes after the line break.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from vori.clock import new_id, now
from vori.errors import BadAnswer

PARTITIONS = 5

Language = Literal["ko", "en"]


class Topic(StrEnum):
    """Names of the log's topics; all have `PARTITIONS` partitions and are keyed by `Event.key`."""

    AUDIO = "audio.raw"
    TRANSCRIPTION = "transcription.completed"
    MEETING_STARTED = "meeting.started"
    MEETING_ENDED = "meeting.ended"
    MEETING_REPORTED = "meeting.reported"
    TICKET_CREATED = "ticket.created"
    TICKET_UPDATED = "ticket.updated"
    ANALYTICS_METRICS = "analytics.metrics"
    ANALYTICS_INSIGHTS = "analytics.insights"


class Status(StrEnum):
    """The three columns of the board."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"


class Priority(StrEnum):
    """How much a ticket presses; one without is not yet weighed."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(_Frozen):
    """A fact. `event_id` is unique for ever; a fact told twice has the same id."""

    topic: ClassVar[Topic]
    schema_version: ClassVar[int] = 1

    event_id: UUID = Field(default_factory=new_id)
    workspace_id: UUID
    meeting_id: UUID
    occurred_at: datetime = Field(default_factory=now)

    @property
    def key(self) -> str:
        """What the log orders by: events with one key stay in order."""
        return str(self.meeting_id)


class Evidence(_Frozen):
    """The utterance that proves something, with its time in the meeting (ms) and its words as they were then."""

    utterance_id: UUID
    stream: UUID
    speaker: str | None
    start_ms: int
    end_ms: int
    quote: str
    voice: int | None = None
    """As in the utterance."""


class AudioFrame(Event):
    """A stretch of sound arrived and is durable. `data` is PCM (s16le, mono) or one Opus packet."""

    topic = Topic.AUDIO
    stream: UUID
    """Id of the stream within VORI, derived from meeting and the client's own stream id."""
    seq: int
    captured_ms: int
    """When its first sample was captured: ms since the stream began, by the client's clock."""
    codec: Literal["pcm_s16le", "opus"]
    sample_rate: int
    data: bytes = Field(repr=False, exclude=True)


class AudioEnded(Event):
    """No more sound will follow on this stream; `seq` is the number the next frame would have had."""

    topic = Topic.AUDIO
    stream: UUID
    seq: int


class Word(_Frozen):
    """A word and when it was said, ms since the meeting began."""

    text: str
    start_ms: int
    end_ms: int


class UtteranceFinal(Event):
    """Somebody said this; as what was heard its words will not change any more."""

    topic = Topic.TRANSCRIPTION
    schema_version = 2
    utterance_id: UUID
    stream: UUID
    speaker: str | None
    start_ms: int
    end_ms: int
    language: Language
    text: str
    words: tuple[Word, ...] = ()
    voice: int | None = None
    """Which of the voices of a shared microphone it is, counted per stream from 0; None: unknown, or not shared."""

    @property
    def evidence(self) -> Evidence:
        """These words, as proof of something."""
        return Evidence(
            utterance_id=self.utterance_id,
            stream=self.stream,
            speaker=self.speaker,
            voice=self.voice,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            quote=self.text,
        )


class UtteranceCorrected(Event):
    """This text was put in place of an utterance's; what was heard is kept. `version` counts its corrections."""

    topic = Topic.TRANSCRIPTION
    schema_version = 2
    utterance_id: UUID
    version: int
    text: str
    """Empty: it is withdrawn, because a later hearing found nothing there, or because a person struck it."""
    model: str | None = None
    """The recogniser whose later hearing it is, which a person accepted; None: a person's own words."""


class SpeakerNamed(Event):
    """A person said who a voice is, or took its name back. `version` counts that, per voice."""

    topic = Topic.TRANSCRIPTION
    stream: UUID
    voice: int | None
    """None: whoever speaks alone on this stream."""
    version: int
    name: str | None


class TranscriptClosed(Event):
    """Everything heard on this stream has been transcribed."""

    topic = Topic.TRANSCRIPTION
    stream: UUID


class MeetingStarted(Event):
    """A meeting began."""

    topic = Topic.MEETING_STARTED
    schema_version = 2
    title: str
    language: Language | Literal["auto"]
    planned_at: datetime | None = None
    """When it was to begin; None: it wasn't planned."""
    planned_until: datetime | None = None
    """When it was to end; None: nobody said."""


class MeetingEnded(Event):
    """A meeting ended; what was heard may still be on its way to words."""

    topic = Topic.MEETING_ENDED
    reason: Literal["asked", "streams_closed", "silence"]


class TicketFacts(_Frozen):
    """A ticket as it stands."""

    ticket_id: UUID
    key: str
    title: str
    content: str
    status: Status
    assignee: str | None
    due: date | None
    priority: Priority | None = None
    labels: tuple[str, ...] = ()
    blocked: bool = False
    blocked_reason: str = ""
    rank: str = ""
    """Its place in its column: sorted as bytes, the first is on top."""
    meetings: tuple[UUID, ...] = ()
    """Those that opened, changed or discussed it, in that order."""


class TicketCreated(Event):
    """Work was named that no ticket stood for; now one does. `meeting_id` is its own id if no meeting opened it."""

    topic = Topic.TICKET_CREATED
    schema_version = 3
    ticket: TicketFacts
    evidence: tuple[Evidence, ...]


class TicketUpdated(Event):
    """A ticket changed because of what was said or what a person did."""

    topic = Topic.TICKET_UPDATED
    schema_version = 3
    change_id: UUID
    before: TicketFacts
    after: TicketFacts | None
    """None: it is gone, because its creation was undone."""
    evidence: tuple[Evidence, ...]


class ReportedTicket(_Frozen):
    """A ticket in a meeting's report: what happened to it there, and the words that prove it."""

    ticket: TicketFacts
    action: Literal["created", "moved", "changed"]
    from_status: Status | None
    evidence: tuple[Evidence, ...]


class ReportedDecision(_Frozen):
    """Something the meeting settled."""

    text: str
    evidence: tuple[Evidence, ...]


class MeetingReported(Event):
    """A meeting ended, its last words were transcribed, and every ticket change it caused is listed here."""

    topic = Topic.MEETING_REPORTED
    schema_version = 3
    tickets: tuple[ReportedTicket, ...]
    decisions: tuple[ReportedDecision, ...]
    open_before: tuple[TicketFacts, ...] = ()
    """Tickets that other meetings or people opened and that are still open, without their content."""


class LiveVoice(_Frozen):
    """A voice's part of a meeting so far."""

    who: str
    """A name, or stream:number of a voice without one; the stream, where one speaks alone without a name."""
    talk_ms: int
    share: float
    turns: int


class MetricsUpdated(Event):
    """A meeting that goes on stood so in numbers; `occurred_at` is of the last event that is in them."""

    topic = Topic.ANALYTICS_METRICS
    floor: str | None
    """Who spoke last."""
    voices: tuple[LiveVoice, ...]
    """By talk, most first."""
    utterances: int
    turns: int
    talk_ms: int
    questions: int
    interruptions: int | None
    """None: one stream, where that can't be told."""
    topic_words: tuple[str, ...]
    """What is talked about now: none when that can't be told."""
    decided_at_ms: int | None
    """When the last decision was worded, ms since the meeting began; None: none yet."""
    created: int
    moved: int
    over: bool


class InsightFound(Event):
    """Something shows in a workspace's meetings and tickets, beyond chance. `meeting_id` is the workspace's id."""

    topic = Topic.ANALYTICS_INSIGHTS
    insight: str
    """Its question and subject: found again on another day it has the same."""
    day: date
    """The last that was looked at."""
    sentence_ko: str
    sentence_en: str
    n: int
    effect: float
    unit: str
    low: float
    high: float
    """The effect's interval after correction for how many questions were tried."""


EVENTS: dict[str, type[Event]] = {
    model.__name__: model
    for model in (
        AudioFrame,
        AudioEnded,
        UtteranceFinal,
        UtteranceCorrected,
        SpeakerNamed,
        TranscriptClosed,
        MeetingStarted,
        MeetingEnded,
        MeetingReported,
        TicketCreated,
        TicketUpdated,
        MetricsUpdated,
        InsightFound,
    )
}


class UnknownEvent(BadAnswer):
    """The log holds an event that this version of VORI can't read."""

    code = "unknown_event"


def encode(event: Event) -> bytes:
    """The event as bytes: {"type", "version", "event"} on one line, then raw sound if it has any."""
    head = f'{{"type":"{type(event).__name__}","version":{event.schema_version},"event":{event.model_dump_json()}}}\n'
    data = event.data if isinstance(event, AudioFrame) else b""
    return head.encode() + data


def decode(value: bytes) -> Event:
    """The event that `encode` wrote. Raises `UnknownEvent` for a type or version that isn't known here."""
    line, _, data = value.partition(b"\n")
    try:
        wrapped: dict[str, Any] = from_json(line)
        model, version, body = EVENTS.get(wrapped["type"]), int(wrapped["version"]), dict(wrapped["event"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnknownEvent(f"The event log holds something that is no event: {line[:80]!r}.") from error
    if model is None or version > model.schema_version:
        raise UnknownEvent(
            f"The event log holds {wrapped['type']} version {version}, which this VORI can't read.",
            remedy="Upgrade this process to the version of VORI that wrote it.",
        )
    if model is AudioFrame:
        body["data"] = data
    try:
        return model.model_validate(body)
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise UnknownEvent(f"The event log holds a malformed {wrapped['type']}: {place}: {wrong['msg']}.") from error
