"""Which models there are, and how one is opened and verified."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import faster_whisper.utils
import pytest
from tests.transcript.speech_server import SpeechServer

from vori.errors import Invalid, Unavailable
from vori.settings import Settings
from vori.transcript.models import HUB, Listed, kept, listed, open_recogniser, verify
from vori.transcript.weights import SIZE, NoModel, packaged
from vori.transcript.whisper import Whisper


def settings(home: Path, model: str = "base", **more: Any) -> Settings:
    return Settings(home=home, speech_model=model, **more)


def selected(home: Path, model: str) -> Listed:
    [one] = [one for one in listed(settings(home, model)) if one.selected]
    return one


def on_hub(home: Path, repository: str, content: bytes) -> Path:
    """Weights in VORI's home as the hub's client keeps them: the file is named by its checksum."""
    folder = home / "models" / f"models--{repository.replace('/', '--')}"
    blob = folder / "blobs" / hashlib.sha256(content).hexdigest()
    snapshot = folder / "snapshots" / "c0ffee"
    for made in (blob.parent, snapshot):
        made.mkdir(parents=True)
    blob.write_bytes(content)
    (snapshot / "model.bin").symlink_to(blob)
    return blob


def test_the_hub_s_models_have_the_names_that_the_hub_s_client_knows() -> None:
    known = faster_whisper.utils._MODELS
    assert {model.name: model.repository for model in HUB}.items() <= known.items()


def test_the_packaged_model_is_selected_unless_another_is(tmp_path: Path) -> None:
    assert selected(tmp_path, "base") == Listed("base", SIZE // 10**6, ("en", "ko"), "packaged", True)
    assert selected(tmp_path, "small").state == "not here"
    assert selected(tmp_path, "Systran/faster-whisper-small").name == "small"
    assert selected(tmp_path, "nobody/knows") == Listed("nobody/knows", None, None, "not here", True)
    assert selected(tmp_path, "https://host/v1#ear").name == "ear at host"


def test_what_is_in_vori_s_home_is_listed(tmp_path: Path) -> None:
    on_hub(tmp_path, "Systran/faster-whisper-small.en", b"weights")
    on_hub(tmp_path, "somebody/korean-whisper", b"weights")
    own = tmp_path / "models" / "own"
    own.mkdir()
    (own / "model.bin").write_bytes(b"x" * 3_000_000)
    (own / "vocabulary.txt").write_text("word\n" * 51_864)
    (tmp_path / "models" / ".scratch").mkdir()
    found = {model.name: model for model in listed(settings(tmp_path, str(own)))}
    assert found["small.en"].state == "here"
    assert found["somebody/korean-whisper"].state == "here"
    assert found[str(own)] == Listed(str(own), 3, ("en",), "here", True)
    (own / "vocabulary.txt").write_text("word\n" * 51_865)
    assert selected(tmp_path, str(own)).languages == ("en", "ko")
    assert len(found) == 1 + len(HUB) + 2


def test_the_packaged_model_is_verified_byte_by_byte(home: Path, whisper: Whisper, tmp_path: Path) -> None:
    well = list(verify(settings(home)))
    assert well[0].endswith("each file is as it was packaged.")
    assert well[1] == "whisper base int8 loads, and hears nothing in a second of silence."
    copy = tmp_path / "models" / "whisper-base"
    shutil.copytree(packaged(home), copy)
    with (copy / "model.bin").open("r+b") as model:
        model.seek(SIZE // 2)
        was = model.read(1)
        model.seek(SIZE // 2)
        model.write(bytes([was[0] ^ 1]))
    with pytest.raises(NoModel, match=r"is damaged: model\.bin\.") as damaged:
        list(verify(settings(tmp_path)))
    assert "Delete" in damaged.value.remedy


def test_a_fetched_model_is_verified_by_the_hub_s_checksum(tmp_path: Path) -> None:
    blob = on_hub(tmp_path, "Systran/faster-whisper-tiny", b"weights")
    checked = verify(settings(tmp_path, "tiny"))
    assert next(checked) == f"{kept('tiny', tmp_path)}: its weights are as the hub has them."
    blob.write_bytes(b"weighty")
    with pytest.raises(NoModel, match="is damaged"):
        next(verify(settings(tmp_path, "tiny")))


def test_a_model_that_is_not_here_is_not_fetched_to_be_verified(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="'small' is not here") as missing:
        list(verify(settings(tmp_path, "small")))
    assert missing.value.remedy == "Fetch it: vori models fetch small"
    with pytest.raises(NoModel, match=r"model\.bin and config\.json can't be found"):
        list(verify(settings(tmp_path, str(tmp_path))))


def test_a_url_is_tried_before_it_is_worked_with(tmp_path: Path) -> None:
    with SpeechServer(key="good") as server:
        with open_recogniser(settings(tmp_path, server.address, speech_key="good")) as recogniser:
            assert len(server.asked) == 1
            assert recogniser.name == f"ear-1 at {server.host}"
        assert list(verify(settings(tmp_path, server.address, speech_key="good"))) == [
            f"ear-1 at {server.host} answers, and takes the key."
        ]
        worse = settings(tmp_path, server.address, speech_key="worse")
        with pytest.raises(Unavailable, match="refuses VORI_SPEECH_KEY"), open_recogniser(worse):
            pass
        assert server.asked[0].sound.tolist() == [0] * 16_000
    with pytest.raises(Invalid, match="names no model"), open_recogniser(settings(tmp_path, "http://host/v1")):
        pass


def test_settings_don_t_show_the_key(tmp_path: Path) -> None:
    kept = settings(tmp_path, speech_key="sk-secret")
    assert "sk-secret" not in f"{kept!r} {kept} {kept.model_dump()} {kept.model_dump_json()}"
