"""What minutes say, and how: every line is something that was said, with its time. Pure: no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.events import (
    Evidence,
    Language,
    MeetingReported,
    ReportedDecision,
    ReportedTicket,
    UtteranceFinal,
)
from vori.meetings.model import Meeting
from vori.minutes.summarise import most_telling
from vori.transcript.naming.model import Names, named
from vori.transcript.outcome import Outcome


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Participant(_Frozen):
    """Somebody who took part, and for how long they spoke; `name` is None for voices nobody put a name to."""

    name: str | None
    talk_ms: int
    stream: UUID | None = None
    """With `voice`: which voice of a shared microphone it is, when it has no name."""
    voice: int | None = None


class Minutes(_Frozen):
    """The record of one meeting. The same meeting gives the same minutes."""

    meeting_id: UUID
    title: str
    language: Language
    started_at: datetime
    duration_ms: int
    rehearsal: bool
    participants: tuple[Participant, ...]
    summary: tuple[Evidence, ...]
    """The few utterances that say most, whole and in order."""
    decisions: tuple[ReportedDecision, ...]
    tickets: tuple[ReportedTicket, ...]
    unheard_ms: int = 0
    """Speech that is missing here because recognition failed at it."""
    outcome: Outcome | None = None
    """How well the meeting was captured; None when that could not be told yet."""
    microphones: tuple[UUID, ...] = ()
    """The shared ones, oldest first: by them voices without a name are counted."""


class WrittenMinutes(_Frozen):
    """Minutes as they are kept. `version` rises only when what they say changes."""

    minutes: Minutes
    markdown: str
    version: int
    written_at: datetime


def compose(
    meeting: Meeting,
    utterances: Sequence[UtteranceFinal],
    report: MeetingReported | Minutes,
    outcome: Outcome | None = None,
    *,
    names: Names | None = None,
    microphones: Sequence[UUID] = (),
) -> Minutes:
    """The minutes of an ended meeting, from what was said and what it did to tickets, as reported or written before.

    All quotes are in the words of `utterances` and under the `names` of now, whatever the report knew.
    """
    said = sorted(utterances, key=lambda utterance: (utterance.start_ms, utterance.utterance_id))
    words = {utterance.utterance_id: utterance.text for utterance in said}
    decisions = dict.fromkeys(_decision(decision, words, names or {}) for decision in report.decisions)
    tickets = (
        item.model_copy(update={"evidence": _quoted(item.evidence, words, names or {})}) for item in report.tickets
    )
    lasted = (meeting.ended_at - meeting.started_at).total_seconds() if meeting.ended_at else 0.0
    return Minutes(
        meeting_id=meeting.meeting_id,
        title=meeting.title,
        language=spoken_language(meeting, said),
        started_at=meeting.started_at,
        duration_ms=max(round(lasted * 1000), max((utterance.end_ms for utterance in said), default=0)),
        rehearsal=meeting.rehearsal,
        participants=_participants(meeting, said),
        summary=tuple(
            Evidence(
                utterance_id=utterance.utterance_id,
                stream=utterance.stream,
                speaker=utterance.speaker,
                voice=utterance.voice,
                start_ms=utterance.start_ms,
                end_ms=utterance.end_ms,
                quote=utterance.text,
            )
            for utterance in (said[index] for index in most_telling([utterance.text for utterance in said]))
        ),
        decisions=tuple(sorted(decisions, key=_first_said)),
        tickets=tuple(sorted(tickets, key=_first_said)),
        unheard_ms=outcome.unrecognised_ms if outcome else 0,
        outcome=outcome if outcome and outcome.final else None,
        microphones=tuple(microphones),
    )


def spoken_language(meeting: Meeting, said: Sequence[UtteranceFinal]) -> Language:
    """The pinned language, else the one most was said in."""
    if meeting.language != "auto":
        return meeting.language
    lengths: Counter[Language] = Counter()
    for utterance in said:
        lengths[utterance.language] += utterance.end_ms - utterance.start_ms
    return lengths.most_common(1)[0][0] if lengths else "en"


def _participants(meeting: Meeting, said: Sequence[UtteranceFinal]) -> tuple[Participant, ...]:
    talk: Counter[tuple[str | None, UUID | None, int | None]] = Counter()
    talk.update({(name, None, None): 0 for name in meeting.participants})
    for utterance in said:
        unnamed = utterance.speaker is None and utterance.voice is not None
        voice = (utterance.stream, utterance.voice) if unnamed else (None, None)
        talk[(utterance.speaker, *voice)] += utterance.end_ms - utterance.start_ms
    order = sorted(talk.items(), key=lambda entry: (-entry[1], entry[0][0] is None, entry[0][0] or "", str(entry[0])))
    return tuple(Participant(name=who[0], stream=who[1], voice=who[2], talk_ms=talk_ms) for who, talk_ms in order)


def _quoted(evidence: Sequence[Evidence], words: Mapping[UUID, str], names: Names) -> tuple[Evidence, ...]:
    current = (named(said, names) for said in evidence)
    return tuple(said.model_copy(update={"quote": words.get(said.utterance_id, said.quote)}) for said in current)


def _decision(decision: ReportedDecision, words: Mapping[UUID, str], names: Names) -> ReportedDecision:
    """What was read out of words that were corrected since gives way to the corrected words."""
    evidence = _quoted(decision.evidence, words, names)
    same = [said.quote for said in evidence] == [said.quote for said in decision.evidence]
    text = decision.text if same else " ".join(said.quote for said in evidence)
    return ReportedDecision(text=text, evidence=evidence)


def _first_said(item: ReportedTicket | ReportedDecision) -> tuple[int, str]:
    first = min((evidence.start_ms for evidence in item.evidence), default=0)
    return first, item.text if isinstance(item, ReportedDecision) else item.ticket.key
