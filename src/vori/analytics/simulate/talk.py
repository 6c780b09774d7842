"""What is said in a meeting: turns of people who talk more or less, topic after topic, and what is said of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vori.analytics.simulate.calendar import MINUTE, Slot
from vori.analytics.simulate.lines import Line, utterance_id, utterance_ids, utterance_lines
from vori.analytics.simulate.people import Team
from vori.analytics.simulate.sentences import (
    ANSWER,
    BLOCKER,
    DECISION,
    KINDS,
    QUESTION,
    SMALL_TALK,
    STATEMENT,
    TOPICS,
    Pool,
    make_pool,
)
from vori.audio.model import stream_key
from vori.events import Evidence, Language

Array = NDArray[Any]
Exchange = Sequence[tuple[int, str]]
"""One or two lines about a ticket: who of the team says it, and the words."""

CHARACTER_MS = {"ko": 150.0, "en": 62.0}
STEP_MS = {"ko": 4_000, "en": 3_500}
"""Roughly how long an utterance takes with the pause before it."""
TOPIC_MINUTES = 6
SMALL_SHARE = 0.06
"""How much of a meeting is small talk at its beginning."""
ALL_TOPICS = (*TOPICS, *SMALL_TALK)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A meeting's words: lines, and for exchanges and decisions the proof, with the moment it was heard."""

    lines: list[Line]
    said: list[tuple[int, tuple[Evidence, ...]]]
    decided: list[tuple[int, tuple[Evidence, ...]]]
    streams: list[UUID]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A pool of sentences with what drawing from it needs, as arrays by kind and topic."""

    pool: Pool
    lengths: Array
    first: Array
    many: Array


@lru_cache
def shelf(language: Language) -> Shelf:
    pool = make_pool(language)
    places = np.array([[pool.places[kind, topic] for topic in ALL_TOPICS] for kind in KINDS])
    return Shelf(pool, np.array([len(one) for one in pool.sentences]), places[..., 0], places[..., 1])


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a meeting's talk depends on. `shares`: how much of it is about each of `TOPICS`."""

    team: Team
    slot: Slot
    meeting_id: UUID
    decisions: int
    shares: Sequence[float]


def talk(meeting: Meeting, exchanges: Sequence[Exchange], chance: np.random.Generator) -> Spoken:
    """All that is said: as much as the meeting's length has room for, the exchanges in their order."""
    team, slot = meeting.team, meeting.slot
    shelved = shelf(team.language)
    length = slot.end - slot.start
    segments = 1 + max(meeting.decisions, round(length / MINUTE / TOPIC_MINUTES), 1)
    count = max(length // STEP_MS[team.language], 16 * segments + 4 * (len(exchanges) + meeting.decisions))
    topics, ends = _topics(meeting, segments, count, chance)
    speakers = _speakers(meeting, count, chance)
    kinds = _kinds(speakers, chance)
    settled = np.sort(chance.permutation(np.arange(1, segments))[: meeting.decisions])
    decision_places = (2 * (ends[settled] // 2) - 2).tolist()
    kinds[decision_places] = DECISION
    free = np.setdiff1d(np.arange(2, count - 3, 2), decision_places)
    places = np.sort(chance.permutation(free)[: len(exchanges)]).tolist()
    sentences = shelved.first[kinds, topics] + (chance.random(count) * shelved.many[kinds, topics]).astype(int)
    lengths = shelved.lengths[sentences]
    texts = [shelved.pool.sentences[one] for one in sentences.tolist()]
    positions = {person: position for position, person in enumerate(slot.people)}
    for place, exchange in zip(places, exchanges, strict=True):
        for offset, (person, text) in enumerate(exchange):
            texts[place + offset], lengths[place + offset] = text, len(text)
            speakers[place + offset] = positions[person]
    starts, stops = _times(speakers, lengths * CHARACTER_MS[team.language], length, chance)
    heard = slot.start + stops + chance.integers(400, 1_800, count)
    drawn = utterance_ids(count, chance)
    names = [team.people[person] for person in slot.people]
    streams = [(stream_key(meeting.meeting_id, name), name) for name in names]
    columns = (drawn, heard.tolist(), speakers.tolist(), starts.tolist(), stops.tolist(), texts)
    lines = utterance_lines((team.workspace_id, meeting.meeting_id, team.language), streams, zip(*columns, strict=True))

    def proof(place: int, many: int) -> tuple[int, tuple[Evidence, ...]]:
        quoted = range(place, place + many)
        return max(columns[1][at] for at in quoted), tuple(
            Evidence(
                utterance_id=UUID(utterance_id(drawn[at])),
                stream=streams[columns[2][at]][0],
                speaker=streams[columns[2][at]][1],
                start_ms=columns[3][at],
                end_ms=columns[4][at],
                quote=texts[at],
            )
            for at in quoted
        )

    return Spoken(
        list(lines),
        [proof(place, len(exchange)) for place, exchange in zip(places, exchanges, strict=True)],
        [proof(place, 1) for place in decision_places],
        [stream for stream, _ in streams],
    )


def _topics(meeting: Meeting, segments: int, count: int, chance: np.random.Generator) -> tuple[Array, Array]:
    """Each utterance's topic, small talk first, and where each stretch on one topic ends."""
    chosen = chance.choice(len(TOPICS), segments - 1, p=meeting.shares)
    small = len(TOPICS) + chance.integers(len(SMALL_TALK))
    inner = (np.arange(1, segments - 1) + chance.uniform(-0.3, 0.3, max(0, segments - 2))) / (segments - 1)
    shares = np.concatenate([[0.0], inner, [1.0]])
    ends = ((SMALL_SHARE + (1 - SMALL_SHARE) * shares) * count).astype(int)
    stretch = np.searchsorted(ends, np.arange(count), side="right").clip(max=segments - 1)
    return np.concatenate([[small], chosen])[stretch], ends


def _speakers(meeting: Meeting, count: int, chance: np.random.Generator) -> Array:
    """Who says each utterance, as a position among those who came."""
    weights = np.array([meeting.team.talkativeness[person] for person in meeting.slot.people])
    weights = (weights + 0.3) * chance.gamma(8.0, 1.0, len(weights))
    turns = chance.geometric(0.45, count)
    who = chance.choice(len(weights), count, p=weights / weights.sum())
    return np.repeat(who, turns)[:count]


def _kinds(speakers: Array, chance: np.random.Generator) -> Array:
    """What each utterance is; most questions that another follows are answered."""
    drawn = chance.random(len(speakers))
    kinds = np.select([drawn < 0.13, drawn < 0.16], [QUESTION, BLOCKER], STATEMENT)
    asked = np.concatenate([[False], (kinds[:-1] == QUESTION) & (speakers[1:] != speakers[:-1])])
    kinds[asked & (kinds == STATEMENT) & (chance.random(len(speakers)) < 0.8)] = ANSWER
    return kinds


def _times(speakers: Array, lengths: Array, whole: int, chance: np.random.Generator) -> tuple[Array, Array]:
    """Starts and ends, ms since the meeting began, spread over its whole length.

    Who speaks next may fall into another's words, but never so far that a stream has two utterances at once.
    """
    count = len(speakers)
    lasts = (600 + lengths * chance.lognormal(0, 0.15, count)).astype(int)
    gaps = chance.uniform(250, 1_100, count)
    changes = np.concatenate([[False], speakers[1:] != speakers[:-1]])
    between = np.concatenate([[0.0], np.minimum(lasts[1:], lasts[:-1])])
    gaps = np.where(changes, np.maximum(chance.normal(600, 700, count), -0.4 * between), gaps)
    gaps = gaps + (chance.random(count) < 0.03) * chance.exponential(6_000, count)
    steps = gaps.copy()
    steps[1:] += lasts[:-1]
    starts = np.cumsum(steps) + 2_000
    scale = (whole - 3_000) / (starts[-1] + lasts[-1])
    starts = (starts * scale).astype(int)
    return starts, starts + np.maximum((lasts * scale).astype(int) - 1, 1)
