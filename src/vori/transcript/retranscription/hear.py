"""An archived meeting to words, in a child process of the lowest priority, so that live streams lose nothing to it.

The child is this module run as a program. Its standard input is a `Task` as one line of JSON, its standard output JSON
lines: how far it is, what it found, and at the end with what, or why it failed. It ends when nobody reads them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel

from vori.audio.files import FileArchive
from vori.audio.flac import decode_flac
from vori.audio.model import Archive, AudioStream, Segment
from vori.errors import VoriError
from vori.events import Language
from vori.settings import Settings
from vori.transcript.context import after
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import SAMPLE_RATE, Recogniser, Recognition, Said
from vori.transcript.retranscription.model import Reheard
from vori.transcript.silero import Silero
from vori.transcript.weights import NoModel

FITTING = "name base, a folder that ct2-transformers-converter wrote, or a model that the hub can deliver."


class Sound(BaseModel):
    """A stream's archived sound."""

    stream: UUID
    origin_ms: int
    sample_rate: int
    language: Language | None
    """Pinned, or None."""
    segments: list[tuple[int, str]]
    """(first sample, path in the archive), in order."""

    @classmethod
    def of(cls, stream: AudioStream, segments: Sequence[Segment], language: Language | None) -> Sound:
        mine = [(segment.first_sample, segment.path) for segment in segments if segment.stream == stream.stream]
        return cls(
            stream=stream.stream,
            origin_ms=stream.origin_ms,
            sample_rate=stream.sample_rate,
            language=language,
            segments=mine,
        )

    def ms(self, sample: int) -> int:
        """Where a sample lies in the meeting."""
        return self.origin_ms + sample * 1000 // self.sample_rate


class Task(BaseModel):
    """All that the child needs to know."""

    home: Path
    model: str | None
    """None: the one that VORI_SPEECH_MODEL names."""
    sounds: list[Sound]
    vocabulary: tuple[str, ...] = ()


class Line(BaseModel):
    """What the child tells; one of these."""

    passed_ms: int | None = None
    """Sound that it has come through since it told last."""
    reheard: Reheard | None = None
    recogniser: str | None = None
    """All is heard, by this."""
    failed: str | None = None


@dataclass(slots=True, eq=False)
class _Listener:
    """A stream being heard."""

    sound: Sound
    ear: Ear
    before: tuple[Said, ...] = ()


def hear(
    sounds: Sequence[Sound],
    archive: Archive,
    recogniser: Recogniser,
    silero: Silero,
    vocabulary: tuple[str, ...] = (),
) -> Iterator[Line]:
    """What was said on a meeting's streams, cut and heard as it would be live, without what is only an echo of another.

    All are listened to together, in the meeting's time. Raises what the archive and the recogniser raise.
    """
    listeners = [_Listener(it, Ear(silero, sample_rate=it.sample_rate, language=it.language)) for it in sounds]
    parts = [(it.ms(first), number, first, path) for number, it in enumerate(sounds) for first, path in it.segments]
    waiting: list[tuple[_Listener, Heard]] = []
    for at_ms, number, first, path in sorted(parts):
        listener = listeners[number]
        over = [(who, heard) for who, heard in waiting if _end_ms(who.sound, heard) <= at_ms]
        waiting = [(who, heard) for who, heard in waiting if _end_ms(who.sound, heard) > at_ms]
        yield from _in_words(over, listeners, recogniser, vocabulary)
        samples = decode_flac(archive.read(path))
        waiting += [(listener, heard) for heard in listener.ear.take_samples(first, samples)]
        yield Line(passed_ms=len(samples) * 1000 // listener.sound.sample_rate)
    waiting += [(listener, heard) for listener in listeners for heard in listener.ear.end()]
    yield from _in_words(waiting, listeners, recogniser, vocabulary)


def _in_words(
    stretches: Sequence[tuple[_Listener, Heard]],
    listeners: Sequence[_Listener],
    recogniser: Recogniser,
    vocabulary: tuple[str, ...],
) -> Iterator[Line]:
    """Words for what was heard up to a time to which all listeners have come."""
    for who, heard in stretches:
        if who.ear.echoes(heard, who.sound.origin_ms, ((it.ear, it.sound.origin_ms) for it in listeners)):
            continue
        found = recogniser.final(replace(heard.stretch, before=who.before, vocabulary=vocabulary))
        who.before = after(who.before, heard.stretch, found)
        if found.text:
            yield Line(reheard=_reheard(who.sound, heard, found))


def main() -> int:
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, let it be this process
    os.nice(19)
    task = Task.model_validate_json(sys.stdin.buffer.readline())
    try:
        for line in _perform(task):
            _tell(line)
    except BrokenPipeError:
        os._exit(1)
    except NoModel as error:
        print(error, file=sys.stderr)
        fitting = f"There is no speech model {task.model!r} that works here: {FITTING}"
        _tell(Line(failed=fitting if task.model else str(error)))
    except VoriError as error:
        _tell(Line(failed=str(error)))
    except Exception as error:
        _tell(Line(failed=f"Recognition failed: {error or type(error).__name__}"))
        raise
    return 0


def _perform(task: Task) -> Iterator[Line]:
    from vori.transcript.models import open_recogniser

    chosen = {"home": task.home} | ({"speech_model": task.model} if task.model else {})
    archive, silero = FileArchive(task.home / "archive"), Silero()
    with open_recogniser(Settings().model_copy(update=chosen)) as recogniser:
        yield from hear(task.sounds, archive, recogniser, silero, task.vocabulary)
        yield Line(recogniser=recogniser.name)


def _reheard(sound: Sound, heard: Heard, found: Recognition) -> Reheard:
    return Reheard(
        stream=sound.stream,
        from_ms=sound.origin_ms + heard.start_ms,
        to_ms=_end_ms(sound, heard),
        language=found.language,
        text=found.text,
        words=heard.words(found, sound.origin_ms),
    )


def _end_ms(sound: Sound, heard: Heard) -> int:
    """Where a stretch ends in the meeting."""
    return sound.origin_ms + heard.end * 1000 // SAMPLE_RATE


def _tell(line: Line) -> None:
    sys.stdout.buffer.write(line.model_dump_json(exclude_none=True).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
