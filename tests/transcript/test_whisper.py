"""The packaged Whisper on real speech, on silence and on noise."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vori.events import Language
from vori.transcript.ear import Ear
from vori.transcript.model import Begun, Said, Stretch, TimedWord
from vori.transcript.silero import Silero
from vori.transcript.subtitles import Line
from vori.transcript.transcribe import transcribe
from vori.transcript.weights import NoModel, packaged
from vori.transcript.whisper import Whisper, load_whisper, vocabulary_in

EVAL = Path(__file__).parents[3] / "shared" / "eval" / "audio"


def stretch(sound: NDArray[np.int16], language: Language | None = None) -> Stretch:
    return Stretch((sound / np.float32(32768)).astype(np.float32), 0, language)


def test_final_words_have_their_places(whisper: Whisper, modern: NDArray[np.int16]) -> None:
    found = whisper.final(stretch(modern))
    assert (found.text.lower().strip("."), found.language) == ("in being comparatively modern", "en")
    assert [word.text for word in found.words] == found.text.split()
    assert all(word.start <= word.end for word in found.words)
    assert all(before.end <= after.start for before, after in pairwise(found.words))
    assert found.words[-1].end == pytest.approx(1.6, abs=0.3)
    later = whisper.final(replace(stretch(modern), onset=0.5))
    assert later.text == found.text
    assert later.words[0].start == 0.5


def test_a_stretch_gives_the_same_words_whatever_was_drafted_before(whisper: Whisper, jfk: NDArray[np.int16]) -> None:
    asked = stretch(jfk[80_000:128_000])
    first = whisper.final(asked)
    for samples in (16_000, 30_000):
        assert [draft.words for draft in whisper.drafts([replace(asked, samples=asked.samples[:samples])])] == [()]
    assert whisper.final(asked) == first
    assert "what your country can do for you" in first.text.lower()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_silence_and_noise_have_no_words(whisper: Whisper, language: Language) -> None:
    random = np.random.default_rng(5)
    for sound in (np.zeros(32_000), random.normal(0, 30, 32_000), random.normal(0, 3000, 24_000)):
        assert whisper.final(stretch(sound.astype(np.int16), language)).text == ""
    assert [draft.text for draft in whisper.drafts([stretch(np.zeros(16_000, np.int16))])] == [""]


@pytest.mark.parametrize("gain", [1.0, 0.1])
def test_an_answer_of_one_word_is_kept_even_when_its_language_is_hard_to_tell(
    silero: Silero, whisper: Whisper, yes: NDArray[np.int16], gain: float
) -> None:
    for language in ("en", None):
        ear = Ear(silero, language=language)
        [found] = ear.hear(np.rint(yes * gain).astype(np.int16)) + ear.end()
        assert whisper.final(found.stretch).text == "Yes."


def test_a_term_of_the_team_is_written_where_it_was_said_and_nothing_else_changes(
    whisper: Whisper, kubernetes: NDArray[np.int16], jfk: NDArray[np.int16]
) -> None:
    asked = stretch(kubernetes, "en")
    unaided = whisper.final(asked)
    assert unaided.text == "We moved the workers to Cooper Netty's last week."
    team = ("Grafana", "Min-ji", "Kubernetes", "Cooperative", "wordless", "오탈자")
    found = whisper.final(replace(asked, vocabulary=team))
    assert found.text == "We moved the workers to Kubernetes last week."
    assert [word.text for word in found.words] == found.text.split()
    assert [word.start for word in found.words[:5]] == [word.start for word in unaided.words[:5]]
    assert whisper.final(replace(asked, vocabulary=team)) == found
    unrelated = tuple(term for term in team if term != "Kubernetes")
    assert whisper.final(replace(asked, vocabulary=unrelated)) == unaided
    speech = stretch(jfk[80_000:], "en")
    assert whisper.final(replace(speech, vocabulary=(*team, "Aske", "Contree"))) == whisper.final(speech)


def test_text_is_cut_into_tokens_as_the_model_knows_them(whisper: Whisper, home: Path) -> None:
    known = vocabulary_in(packaged(home) / "tokenizer.json")
    assert known.encode(" the time 오늘", add_special_tokens=False).tokens[:2] == ["Ġthe", "Ġtime"]


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation sets are not here")
def test_korean_is_heard_and_known_as_such(whisper: Whisper) -> None:
    import soundfile

    sound = soundfile.read(EVAL / "dev_ko" / "wav_093.flac", dtype="int16")[0]
    before = (Said("몇 분이 오시나요?", "ko", np.zeros(0, np.float32)),)
    found = whisper.final(replace(stretch(sound), before=before))
    assert (found.text.replace(" ", "").strip("?."), found.language) == ("25명단체도예약가능한가요", "ko")
    assert whisper.final(replace(stretch(sound), before=before)) == found


def test_a_whole_recording_is_heard_in_the_end(whisper: Whisper, jfk: NDArray[np.int16]) -> None:
    found = list(transcribe(jfk, whisper, "en"))
    lines = [line for line in found if isinstance(line, Line)]
    said = " ".join(line.text for line in lines).lower()
    assert "fellow americans" in said
    assert said.count("country") == 2
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(lines))
    assert [seconds for seconds in found if isinstance(seconds, float)][-1] == 11.0


def test_the_packaged_model_is_assembled_once_and_again_when_it_is_cut_short(home: Path, whisper: Whisper) -> None:
    model = packaged(home) / "model.bin"
    made = model.stat().st_mtime_ns
    assert (packaged(home) / "model.bin").stat().st_mtime_ns == made
    with model.open("ab") as damaged:
        damaged.write(b"x")
    assert (packaged(home) / "model.bin").stat().st_size == 145_217_532


def test_a_missing_or_broken_model_is_one_sentence_and_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match=r"model\.bin and config\.json can't be found") as missing:
        load_whisper(str(tmp_path), tmp_path)
    assert missing.value.remedy
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(NoModel, match="can't be loaded"):
        load_whisper(str(tmp_path), tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(NoModel, match="can't be written"):
        packaged(tmp_path / "file")


def test_words_that_are_final_stay_whatever_would_be_heard(whisper: Whisper, jfk: NDArray[np.int16]) -> None:
    alone = whisper.final(stretch(jfk[131_000:], language="en"))
    known = Begun(0, 32_000, "en", (TimedWord("Axe", 0.0, 0.5), TimedWord("what", 0.5, 0.8)))
    found = whisper.final(replace(stretch(jfk[131_000:], language="en"), begun=known))
    assert alone.text.lower().startswith("ask what you can do")
    assert found.text.startswith("Axe what you can do")
    assert [word.text for word in found.words][:4] == ["Axe", "what", "you", "can"]
    assert " ".join(word.text for word in found.words) == found.text


def test_words_that_are_final_stay_also_where_nothing_can_be_heard(whisper: Whisper) -> None:
    known = Begun(0, 16_000, "ko", (TimedWord("그건", 0.0, 0.5), TimedWord("제가", 0.5, 0.8)))
    found = whisper.final(replace(stretch(np.zeros(48_000, np.int16)), begun=known))
    assert (found.text, found.language) == ("그건 제가", "ko") or found.text.startswith("그건 제가 ")


def test_a_term_changes_no_word_that_is_final(whisper: Whisper, kubernetes: NDArray[np.int16]) -> None:
    heard = replace(stretch(kubernetes), vocabulary=("Kubernetes",))
    assert "Kubernetes" in whisper.final(heard).text
    without = whisper.final(stretch(kubernetes))
    known = Begun(0, len(kubernetes), "en", without.words[:-1])
    assert whisper.final(replace(heard, begun=known)).text.startswith(known.text)
