"""`vori models`, `vori bench speech`, and the commands that hear, with a model by URL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Vori
from tests.transcript.model_hub import ModelHub
from tests.transcript.speech_server import SpeechServer

from vori.cli.doctor import speech
from vori.errors import LASTING, Unavailable
from vori.settings import Settings
from vori.transcript.openai import REFUSED
from vori.transcript.weights import packaged

CLIP = Path(__file__).parents[1] / "clips" / "modern.flac"


def fetch(name: str, home: Path, hub: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the hub's client reads once where the hub is."""
    environment = os.environ | {"VORI_HOME": str(home), "HF_ENDPOINT": hub, "HF_HUB_DISABLE_TELEMETRY": "1"}
    command = [sys.executable, "-m", "vori", "models", "fetch", name]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_models_are_listed_with_size_languages_state_and_which_is_selected(vori: Vori, tmp_path: Path) -> None:
    ran = vori("models", VORI_HOME=str(tmp_path))
    assert ran.returncode == 0
    rows = {row[2:].split()[0]: row.split() for row in ran.stdout.splitlines() if "MB" in row}
    assert rows["base"] == ["→", "base", "145", "MB", "en,", "ko", "packaged"]
    assert rows["large-v3-turbo"][-2:] == ["not", "here"]
    assert vori("models", VORI_HOME=str(tmp_path), VORI_SPEECH_MODEL="small").stdout.count("→ ") == 1


@pytest.mark.flow
def test_the_packaged_model_can_be_verified_and_measured(vori: Vori, home: Path) -> None:
    ran = vori("models", "verify", VORI_HOME=str(home))
    assert (ran.returncode, ran.stdout.count("✓")) == (0, 2)
    measured = vori("bench", "speech", "--seconds", "1", VORI_HOME=str(home))
    assert measured.returncode == 0
    assert "An estimate" in measured.stdout
    assert "streams per core" in measured.stdout
    assert "(en)" in vori("models", VORI_HOME=str(home)).stdout
    real = vori("bench", "speech", str(CLIP), "--language", "en", VORI_HOME=str(home))
    assert "whisper base int8, 2 s of en" in real.stdout
    assert "synthetic" not in real.stdout


@pytest.mark.flow
def test_a_model_comes_from_the_hub_and_stays_usable_without_it(home: Path, tmp_path: Path) -> None:
    with ModelHub("Systran/faster-whisper-tiny", packaged(home)) as hub:
        ran = fetch("tiny", tmp_path, hub.url)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "its weights are as the hub has them" in ran.stdout
        assert "VORI_SPEECH_MODEL=tiny selects it." in ran.stdout
        assert fetch("small", tmp_path, hub.url).returncode == 1
    assert fetch("tiny", tmp_path, hub.url).returncode == 0
    away = fetch("small", tmp_path, hub.url)
    assert (away.returncode, away.stdout) == (1, "")
    assert "the model hub could not deliver it: it can't be reached from here." in away.stderr
    assert len(away.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["models", "verify", "small"], "'small' is not here"),
        (["models", "fetch", "nonsense"], "none of its names"),
        (["models", "fetch", "https://host/v1#m"], "nothing that the hub has"),
        (["bench", "speech", "--model", "https://host/v1#m"], "not for this machine to say"),
        (["bench", "speech", "nowhere.wav"], "no file nowhere.wav"),
    ],
)
def test_what_can_t_be_done_is_told_in_a_sentence(vori: Vori, tmp_path: Path, arguments: list[str], told: str) -> None:
    ran = vori(*arguments, VORI_HOME=str(tmp_path))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert told in ran.stderr
    assert len(ran.stderr.splitlines()) <= 2


def test_a_recording_is_heard_through_a_url(vori: Vori, tmp_path: Path) -> None:
    with SpeechServer(key="sk-good-0123456789") as server:
        known = {"VORI_SPEECH_MODEL": server.address, "VORI_HOME": str(tmp_path)}
        ran = vori("transcribe", str(CLIP), **known, VORI_SPEECH_KEY="sk-good-0123456789")
        assert "Hello there." in ran.stdout
        refused = vori("transcribe", str(CLIP), **known, VORI_SPEECH_KEY="sk-other-0123456789")
        assert refused.returncode == 1
        assert "refuses VORI_SPEECH_KEY" in refused.stderr
        assert "sk-other" not in refused.stdout + refused.stderr


def test_the_doctor_asks_the_url_and_a_refused_key_is_not_tried_again_and_again(tmp_path: Path) -> None:
    with SpeechServer(key="good") as server:
        known = Settings(home=tmp_path, speech_model=server.address)
        assert speech(known.model_copy(update={"speech_key": Settings(speech_key="good").speech_key})).endswith(
            f"{server.host} answers, and takes the key"
        )
        with pytest.raises(Unavailable, match="wants a key") as refused:
            speech(known)
    assert refused.value.code == REFUSED
    assert REFUSED in LASTING
