"""Which speech models there are: packaged, in VORI's home, on the model hub; and the one that is set, opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from vori.events import Language
from vori.settings import Settings
from vori.transcript import weights
from vori.transcript.model import SAMPLE_RATE, Recogniser, Stretch
from vori.transcript.openai import Remote
from vori.transcript.whisper import load_whisper

PACKAGED = "base"
BOTH: tuple[Language, ...] = ("en", "ko")
ENGLISH: tuple[Language, ...] = ("en",)
MULTILINGUAL = 51865
"""Words in the vocabulary of a Whisper that knows more than English, at least."""


@dataclass(frozen=True, slots=True)
class OnHub:
    """A model that the hub has, by its short name."""

    name: str
    repository: str
    megabytes: int
    """Of its weights, about."""
    languages: tuple[Language, ...]


HUB = (
    OnHub("tiny", "Systran/faster-whisper-tiny", 75, BOTH),
    OnHub("tiny.en", "Systran/faster-whisper-tiny.en", 75, ENGLISH),
    OnHub("base.en", "Systran/faster-whisper-base.en", 145, ENGLISH),
    OnHub("small", "Systran/faster-whisper-small", 484, BOTH),
    OnHub("small.en", "Systran/faster-whisper-small.en", 484, ENGLISH),
    OnHub("distil-small.en", "Systran/faster-distil-whisper-small.en", 332, ENGLISH),
    OnHub("medium", "Systran/faster-whisper-medium", 1528, BOTH),
    OnHub("medium.en", "Systran/faster-whisper-medium.en", 1528, ENGLISH),
    OnHub("distil-medium.en", "Systran/faster-distil-whisper-medium.en", 789, ENGLISH),
    OnHub("large-v3", "Systran/faster-whisper-large-v3", 3087, BOTH),
    OnHub("large-v3-turbo", "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1618, BOTH),
    OnHub("distil-large-v3", "Systran/faster-distil-whisper-large-v3", 1513, ENGLISH),
)
"""Those that faster-whisper knows and that suit VORI; any other in CTranslate2's format works by its whole name."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A model to choose."""

    name: str
    """What VORI_SPEECH_MODEL is set to for it."""
    megabytes: int | None
    """Of its weights; None when unknown."""
    languages: tuple[Language, ...] | None
    """Of those that VORI knows; None when unknown."""
    state: Literal["packaged", "here", "not here", "by URL"]
    selected: bool


@contextmanager
def open_recogniser(settings: Settings) -> Iterator[Recogniser]:
    """What VORI_SPEECH_MODEL names, ready to work; a URL has been tried. Raises `Invalid` or a `SupplierError`."""
    if not is_url(settings.speech_model):
        yield load_whisper(settings.speech_model, settings.home)
        return
    with open_remote(settings) as remote:
        remote.check()
        yield remote


def is_url(model: str) -> bool:
    return model.lower().startswith(("http://", "https://"))


def open_remote(settings: Settings) -> Remote:
    """What VORI_SPEECH_MODEL names, a URL; nothing is asked yet. Raises `Invalid`."""
    key = settings.speech_key.get_secret_value()
    return Remote(settings.speech_model, key=key, draft_every_s=settings.speech_draft_s)


def listed(settings: Settings) -> list[Listed]:
    """The packaged model, the hub's, what else is in VORI's home, and whatever is selected beside these."""
    chosen, home = settings.speech_model, settings.home
    packaged = weights.is_installed() or (home / "models" / "whisper-base").is_dir()
    found = [Listed(PACKAGED, weights.SIZE // 10**6, BOTH, "packaged" if packaged else "not here", chosen == PACKAGED)]
    for model in HUB:
        state: Literal["here", "not here"] = "here" if kept(model.name, home) else "not here"
        selected = chosen in {model.name, model.repository}
        found.append(Listed(model.name, model.megabytes, model.languages, state, selected))
    found += [_in_folder(name, folder, chosen) for name, folder in _others(home)]
    if is_url(chosen):
        found.append(Listed(open_remote(settings).name, None, None, "by URL", True))
    elif not any(model.selected for model in found):
        folder = Path(chosen).expanduser()
        here = (folder / "model.bin").is_file()
        found.append(_in_folder(chosen, folder, chosen) if here else Listed(chosen, None, None, "not here", True))
    return found


def kept(model: str, home: Path) -> Path | None:
    """The folder in VORI's home that holds a model of the hub, by its short or whole name; the newest."""
    repository = next((known.repository for known in HUB if known.name == model), model)
    snapshots = (home / "models" / f"models--{repository.replace('/', '--')}" / "snapshots").glob("*/model.bin")
    return max((file.parent for file in snapshots), key=lambda folder: folder.stat().st_mtime, default=None)


def verify(settings: Settings) -> Iterator[str]:
    """Try what VORI_SPEECH_MODEL names, and say step by step what is well. Fetches nothing. Raises as above."""
    model, home = settings.speech_model, settings.home
    if is_url(model):
        with open_remote(settings) as remote:
            yield f"{remote.check()}."
        return
    yield _compare(model, home)
    recogniser = load_whisper(model, home)
    heard = recogniser.final(Stretch(np.zeros(SAMPLE_RATE, np.float32), 0, None)).text
    yield f"{recogniser.name} loads, and hears {repr(heard) if heard else 'nothing'} in a second of silence."


def _compare(model: str, home: Path) -> str:
    """Compare a model's weights with their checksum, where one is known."""
    if model == PACKAGED:
        folder = weights.packaged(home)
        weights.check(folder)
        return f"{folder}: each file is as it was packaged."
    found = kept(model, home)
    if found is None:
        folder = Path(model).expanduser()
        if model.startswith(("/", ".", "~")) or folder.is_dir():
            return f"{weights.in_folder(folder)}: no checksum is known for it."
        raise weights.NoModel(f"The model {model!r} is not here.", remedy=f"Fetch it: vori models fetch {model}")
    file = (found / "model.bin").resolve()
    if len(file.name) != hashlib.sha256().digest_size * 2:
        return f"{found}: no checksum is known for it."
    with file.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != file.name:
            raise weights.NoModel(f"The model in {found} is damaged.", remedy=f"Delete {file} and fetch it again.")
    return f"{found}: its weights are as the hub has them."


def _others(home: Path) -> Iterator[tuple[str, Path]]:
    """(name, folder) of the models in VORI's home that are none of the above."""
    known = {f"models--{model.repository.replace('/', '--')}" for model in HUB} | {"whisper-base"}
    folders = (home / "models").glob("[!.]*") if (home / "models").is_dir() else ()
    for folder in sorted(folders):
        if folder.name in known:
            continue
        if (folder / "model.bin").is_file():
            yield str(folder), folder
        elif folder.name.startswith("models--"):
            name = folder.name.removeprefix("models--").replace("--", "/", 1)
            if found := kept(name, home):
                yield name, found


def _in_folder(name: str, folder: Path, chosen: str) -> Listed:
    size = (folder / "model.bin").stat().st_size // 10**6
    selected = chosen == name or Path(chosen).expanduser() == folder
    return Listed(name, size, _languages(folder), "here", selected)


def _languages(folder: Path) -> tuple[Language, ...] | None:
    """By the size of its vocabulary: of one word a line, or JSON with one word a line."""
    for name in ("vocabulary.txt", "vocabulary.json"):
        if (folder / name).is_file():
            return BOTH if len((folder / name).read_bytes().splitlines()) >= MULTILINGUAL else ENGLISH
    return None
