"""How late streams' words come: pages are told, and a new stream waits until there is room. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from vori.audio.model import AudioStream
from vori.livefeed import LiveMessage
from vori.transcript.show import lag_message
from vori.transcript.voice import Lag, Voice

FULL_S, CALM_S = 10.0, 4.0
"""When somebody's words come so late, a new stream has to wait, until everybody's come sooner again."""
IN_TIME = Lag(0, False)


class Lags:
    """Remembers what pages were told."""

    def __init__(self) -> None:
        self._told: dict[UUID, tuple[AudioStream, Lag]] = {}

    def news(self, voices: Collection[Voice], clock: datetime) -> list[LiveMessage]:
        """What changed since the last call; streams that are gone come in time."""
        lags = {key: (stream, IN_TIME) for key, (stream, _) in self._told.items()}
        lags |= {voice.stream.stream: (voice.stream, voice.lag(clock)) for voice in voices}
        news = [
            lag_message(stream, lag)
            for key, (stream, lag) in lags.items()
            if lag != (self._told[key][1] if key in self._told else IN_TIME)
        ]
        self._told = {key: known for key, known in lags.items() if any(known[1])}
        return news


def is_full(voices: Collection[Voice], clock: datetime) -> bool:
    """Whether a new stream has to wait."""
    return _latest(voices, clock) > FULL_S


def let_in(voices: Collection[Voice], clock: datetime) -> bool:
    """Let the first of those in that wait, if there is room by now."""
    waiting = [voice for voice in voices if voice.queued]
    if not waiting or _latest(voices, clock) >= CALM_S:
        return False
    waiting[0].queued = False
    return True


def _latest(voices: Collection[Voice], clock: datetime) -> float:
    return max((voice.behind_s(clock) for voice in voices if not voice.queued), default=0.0)
