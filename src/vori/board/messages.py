"""What the live socket says, message by message: its pages' types are made of these models."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel

from vori.analytics.model import LiveNumbers, LiveTeam
from vori.audio.receive import StreamNow
from vori.meetings.show import MeetingOut
from vori.minutes.show import MinutesOut
from vori.tickets.show import ChangeOut, TicketOut
from vori.transcript.naming.api import VoiceName
from vori.transcript.show import DraftOut, LagOut, UtteranceOut


class State(BaseModel):
    """What a page shows. Without a meeting: the newest meetings and the board."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)
    meeting: MeetingOut | None = None
    meetings: list[MeetingOut] = []
    streams: dict[str, StreamNow] = {}
    """By `stream`."""
    utterances: list[UtteranceOut] = []
    lags: dict[str, LagOut] = {}
    """By `stream`, where words come late."""
    drafts: dict[str, DraftOut] = {}
    """By utterance id."""
    tickets: list[TicketOut]
    suggestions: list[ChangeOut] = []
    """What waits for a person's yes or no; of the meeting, if there is one."""
    minutes: MinutesOut | None = None
    metrics: LiveNumbers | None = None
    """The meeting in numbers so far; None: analytics hasn't told any yet."""
    team: LiveTeam | None = None
    """Of the overview: the team's last hour in which anything happened, or nothing that may be told."""


class Snapshot(BaseModel):
    """Everything as it is: put it in place of all that was known."""

    type: Literal["snapshot"]
    seq: int
    epoch: str
    state: State


class Resumed(BaseModel):
    """What was missed has been said; from here on it is live."""

    type: Literal["resumed"]
    seq: int
    epoch: str


class _Diff(BaseModel):
    type: Literal["diff"]
    seq: int
    id: UUID


class MeetingDiff(_Diff):
    kind: Literal["meeting"]
    data: MeetingOut


class StreamDiff(_Diff):
    kind: Literal["stream"]
    data: StreamNow


class LagDiff(_Diff):
    """Its id is the stream's; null: words come in time."""

    kind: Literal["lag"]
    data: LagOut | None


class DraftDiff(_Diff):
    """Its id is the utterance's; null: nothing came of it."""

    kind: Literal["draft"]
    data: DraftOut | None


class UtteranceDiff(_Diff):
    """Without text it is withdrawn."""

    kind: Literal["utterance"]
    data: UtteranceOut


class SpeakerDiff(_Diff):
    kind: Literal["speaker"]
    data: VoiceName


class TicketDiff(_Diff):
    """Null: the ticket is gone."""

    kind: Literal["ticket"]
    data: TicketOut | None


class SuggestionDiff(_Diff):
    """Null: it is decided or withdrawn."""

    kind: Literal["suggestion"]
    data: ChangeOut | None


class MinutesDiff(_Diff):
    """Its id is the meeting's."""

    kind: Literal["minutes"]
    data: MinutesOut


class MetricsDiff(_Diff):
    """Its id is the meeting's."""

    kind: Literal["metrics"]
    data: LiveNumbers


class TeamDiff(_Diff):
    """Its id is the workspace's."""

    kind: Literal["team"]
    data: LiveTeam


class LiveDiff(
    RootModel[
        Annotated[
            MeetingDiff
            | StreamDiff
            | LagDiff
            | DraftDiff
            | UtteranceDiff
            | SpeakerDiff
            | TicketDiff
            | SuggestionDiff
            | MinutesDiff
            | MetricsDiff
            | TeamDiff,
            Field(discriminator="kind"),
        ]
    ]
):
    """The latest state of one thing; null says that it is gone."""


class LiveTold(RootModel[Snapshot | Resumed | LiveDiff]):
    """A message of the live socket, apart from errors: those are problems whose `type` is `error`."""
