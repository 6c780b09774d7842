"""Events as lines with their moment. Utterances, by far the most, are written without a model, as `encode` would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from vori.events import Event, UtteranceFinal, encode

Line = tuple[int, str]
"""When it became true, and the event as JSON with its line break."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEAD = f'{{"type":"{UtteranceFinal.__name__}","version":{UtteranceFinal.schema_version},"event":{{"event_id":"'
ID_BYTES = 24
"""Chance that the ids of an utterance and of its event take."""


def instant(moment: int) -> datetime:
    return EPOCH + timedelta(milliseconds=moment)


def event_line(event: Event) -> Line:
    """A line of any event without sound."""
    return round((event.occurred_at - EPOCH) / timedelta(milliseconds=1)), encode(event).decode()


def make_id(moment: int, chance: np.random.Generator) -> UUID:
    """A UUIDv7 of that moment."""
    drawn = int.from_bytes(chance.bytes(10), "big")
    return UUID(int=moment << 80 | 7 << 76 | (drawn >> 64 & 0xFFF) << 64 | 2 << 62 | drawn & (1 << 62) - 1)


def utterance_ids(count: int, chance: np.random.Generator) -> list[str]:
    """Hexadecimal digits, two times `ID_BYTES` for each utterance."""
    digits, step = chance.bytes(count * ID_BYTES).hex(), 2 * ID_BYTES
    return [digits[at : at + step] for at in range(0, count * step, step)]


def utterance_id(drawn: str) -> str:
    return f"{drawn[18:26]}-{drawn[26:30]}-5{drawn[30:33]}-8{drawn[33:36]}-{drawn[36:]}"


def utterance_lines(
    head: tuple[UUID, UUID, str],
    streams: Sequence[tuple[UUID, str]],
    said: Iterator[tuple[str, int, int, int, int, str]],
) -> Iterator[Line]:
    """Lines of a meeting's utterances.

    `head`: workspace, meeting and language; `streams`: id and speaker of each; `said`: what was drawn for the ids,
    the moment its words were final, which stream, its start and end (ms since the meeting began), its words.
    Speakers and words are written as they are: they must need no escape in JSON.
    """
    workspace, meeting, language = head
    moments = f'","workspace_id":"{workspace}","meeting_id":"{meeting}","occurred_at":"'
    tails = [f'","stream":"{stream}","speaker":"{speaker}","start_ms":' for stream, speaker in streams]
    middle, end = f',"language":"{language}","text":"', '","words":[],"voice":null}}\n'
    second, shown = -1, ""
    for drawn, at, stream, start, stop, text in said:
        if at // 1000 != second:
            second = at // 1000
            shown = (EPOCH + timedelta(seconds=second)).isoformat()[:19]
        fraction = f".{at % 1000:03}000Z" if at % 1000 else "Z"
        yield (
            at,
            f"{HEAD}{at >> 16:08x}-{at & 0xFFFF:04x}-7{drawn[:3]}-8{drawn[3:6]}-{drawn[6:18]}{moments}{shown}{fraction}"
            f'","utterance_id":"{utterance_id(drawn)}{tails[stream]}{start},"end_ms":{stop}{middle}{text}{end}',
        )
