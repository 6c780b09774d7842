"""Speech behind a URL, over real HTTP: what is asked, what is made of the answers, what happens when it fails."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.speech_server import Asked, SpeechServer, Told

from vori.errors import BadAnswer, Invalid, Unavailable, VoriError
from vori.transcript.answer import hearing, read
from vori.transcript.model import Said, Stretch
from vori.transcript.openai import REFUSED, Remote, parse
from vori.transcript.subtitles import Line
from vori.transcript.transcribe import transcribe
from vori.transcript.weights import NoModel
from vori.transcript.whisper import Whisper

KEY = "sk-test-5f0e9a7c"
Opener = Callable[..., Remote]


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with SpeechServer() as opened:
        yield opened


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens an engine that is patient for milliseconds only."""
    with ExitStack() as stack:

        def opens(server: SpeechServer, **options: Any) -> Remote:
            return stack.enter_context(Remote(server.address, **({"waits_s": (0.01, 0.01, 0.01)} | options)))

        yield opens


def stretch(seconds: float, **known: Any) -> Stretch:
    return replace(Stretch(np.zeros(round(seconds * 16_000), np.float32), 0, None), **known)


def said(text: str, language: Any) -> Said:
    return Said(text, language, np.zeros(0, np.float32))


def segment(text: str, start: float, end: float, **known: float) -> dict[str, Any]:
    return {"id": 0, "seek": 0, "text": text, "start": start, "end": end, "temperature": 0.0, "tokens": [1, 2]} | known


def test_the_sound_goes_out_with_all_that_is_known_about_it(server: SpeechServer, opened: Opener) -> None:
    remote = opened(server, key=KEY)
    sound = np.array([0.0, 0.5, -1.0, 1.0] * 12_000, np.float32)
    remote.final(Stretch(sound, 0, "ko", before=(said("지난번에 이어서", "ko"), said("시작합니다.", "ko"))))
    [asked] = server.asked
    assert asked.form == {
        "model": ["ear-1"],
        "response_format": ["verbose_json"],
        "timestamp_granularities[]": ["word", "segment"],
        "temperature": ["0"],
        "language": ["ko"],
        "prompt": ["지난번에 이어서 시작합니다."],
    }
    assert asked.sound[:4].tolist() == [0, 16384, -32768, 32767]
    assert asked.authorization == f"Bearer {KEY}"
    assert remote.name == f"ear-1 at {server.host}"


def test_nothing_is_pinned_or_prompted_that_is_not_known_or_would_be_said_again(
    server: SpeechServer, opened: Opener
) -> None:
    remote = opened(server)
    remote.final(stretch(1.5, before=(said("Good morning.", "en"),)))
    remote.final(stretch(3.0, language="ko", before=(said("Good morning.", "en"),)))
    assert all("prompt" not in asked.form for asked in server.asked)
    assert "language" not in server.asked[0].form
    assert server.asked[0].authorization is None


def test_words_keep_the_times_of_an_answer_that_writes_them_without_punctuation(
    server: SpeechServer, opened: Opener
) -> None:
    words = [("Well", 0.9, 1.2), ("twenty", 1.3, 1.6), ("five", 1.6, 1.9), ("of", 2.0, 2.1), ("us", 2.1, 2.4)]
    server.told.append(
        Told(
            {
                "task": "transcribe",
                "language": "english",
                "duration": 3.0,
                "text": " Well, twenty-five of us.",
                "words": [{"word": word, "start": start, "end": end} for word, start, end in words],
                "segments": [segment(" Well, twenty-five of us.", 0.9, 2.4, avg_logprob=-0.2, no_speech_prob=0.01)],
            }
        )
    )
    found = opened(server).final(stretch(3.0, onset=1.0))
    assert (found.text, found.language) == ("Well, twenty-five of us.", "en")
    assert [(word.text, word.start, word.end) for word in found.words] == [
        ("Well,", 1.0, 1.2),
        ("twenty-five", 1.3, 1.9),
        ("of", 2.0, 2.1),
        ("us.", 2.1, 2.4),
    ]


def test_words_within_segments_and_segments_without_words_will_do(server: SpeechServer, opened: Opener) -> None:
    inner = [{"word": " 네,", "start": 0.5, "end": 0.8}, {"word": " 됩니다.", "start": 1.0, "end": 1.5}]
    server.told += [
        Told({"text": "네, 됩니다.", "segments": [segment("네, 됩니다.", 0.4, 1.6) | {"words": inner}]}),
        Told({"text": "ab cd ef", "segments": [segment("ab cd", 0.5, 1.3), segment("ef", 1.5, 1.9)]}),
    ]
    remote = opened(server)
    found = remote.final(stretch(2.0))
    assert [(word.text, word.start, word.end) for word in found.words] == [("네,", 0.5, 0.8), ("됩니다.", 1.0, 1.5)]
    found = remote.final(stretch(2.0))
    assert [(word.start, word.end) for word in found.words] == [(0.5, 0.9), (0.9, 1.3), (1.5, 1.9)]


def test_words_that_are_written_otherwise_lie_where_the_answer_s_words_do(server: SpeechServer, opened: Opener) -> None:
    words = [{"word": word, "start": at, "end": at + 0.4} for at, word in enumerate(("twenty", "five", "percent"), 1)]
    server.told.append(Told({"text": "25 %, yes", "words": words}))
    found = opened(server).final(stretch(6.0, onset=0.5))
    assert [word.text for word in found.words] == ["25", "%,", "yes"]
    assert (found.words[0].start, found.words[-1].end) == (1.0, 3.4)


def test_numbers_that_are_none_count_as_not_said() -> None:
    answer = b'{"text": "Hm", "segments": [{"text": "Hm", "start": 0, "end": 1, "avg_logprob": NaN}]}'
    assert hearing(read(answer), stretch(1.0)).log_prob == 0.0


@pytest.mark.parametrize(("text", "language"), [("회의를 시작하겠습니다.", "ko"), ("Let us begin now.", "en")])
def test_a_text_alone_has_its_language_by_its_script_and_its_words_spread_over_the_speech(
    server: SpeechServer, opened: Opener, text: str, language: str
) -> None:
    server.told.append(Told({"text": text}))
    found = opened(server).final(stretch(4.0, onset=1.0))
    assert (found.text, found.language) == (text, language)
    assert [word.text for word in found.words] == text.split()
    assert (found.words[0].start, found.words[-1].end) == (1.0, 4.0)
    assert all(before.end == after.start for before, after in pairwise(found.words))


@pytest.mark.parametrize("told", ["ko", "korean", "Korean", "ko-KR"])
def test_the_answer_s_language_counts_and_a_pinned_one_more(server: SpeechServer, opened: Opener, told: str) -> None:
    server.told += [Told({"text": "OK", "language": told})] * 2
    remote = opened(server)
    assert remote.final(stretch(1.0)).language == "ko"
    assert remote.final(stretch(1.0, language="en")).language == "en"


def test_times_that_can_t_be_are_put_in_order(server: SpeechServer, opened: Opener) -> None:
    words = [("one", 5.0, 9.0), ("two", 0.2, 0.1), ("three", 1.2, 1e12)]
    spoken = [{"word": word, "start": start, "end": end} for word, start, end in words]
    server.told += [
        Told({"text": "one two three", "words": spoken}),
        Told('{"text": "one two three", "words": [{"word": "one", "start": NaN, "end": 1}]}'),
        Told({"text": "one two three", "words": "none", "segments": [{"id": 0}]}),
    ]
    remote = opened(server)
    for _ in range(3):
        found = remote.final(stretch(2.0, onset=0.5))
        assert found.text == "one two three"
        edges = [edge for word in found.words for edge in (word.start, word.end)]
        assert edges == sorted(edges)
        assert (edges[0] >= 0.5, edges[-1] <= 2.0) == (True, True)


@pytest.mark.parametrize(
    "answer",
    [
        {"text": ""},
        {"text": "no, no, no, no, no, no, no, no"},
        {"text": "Far more words than anybody has ever said to anybody else in a second"},
        {"text": "Hm", "segments": [segment("Hm", 0, 1, avg_logprob=-1.3, no_speech_prob=0.9)]},
        {"text": "Thank you.", "segments": [segment("Thank you.", 0, 1, avg_logprob=-0.6, no_speech_prob=0.65)]},
    ],
)
def test_what_is_not_to_be_believed_has_no_words(server: SpeechServer, opened: Opener, answer: dict[str, Any]) -> None:
    server.told.append(Told(answer))
    found = opened(server).final(stretch(1.0))
    assert (found.text, found.words) == ("", ())


def test_a_prompt_said_again_is_asked_once_more_without(server: SpeechServer, opened: Opener) -> None:
    server.told += [Told({"text": "다음 안건입니다"}), Told({"text": "배포 일정이요."})]
    found = opened(server).final(stretch(2.0, before=(said("다음 안건입니다.", "ko"),)))
    assert found.text == "배포 일정이요."
    assert ["prompt" in asked.form for asked in server.asked] == [True, False]


def test_control_characters_go_no_further(server: SpeechServer, opened: Opener) -> None:
    server.told.append(Told({"text": "Hello\u0000\n there\u001b[31m."}))
    assert opened(server).final(stretch(2.0)).text == "Hello there [31m."


def test_a_model_that_gives_text_alone_is_asked_for_no_more(server: SpeechServer, opened: Opener) -> None:
    refused = {"error": {"message": "response_format 'verbose_json' is not compatible with model", "param": "x"}}
    server.told.append(Told(refused, 400))
    remote = opened(server)
    assert remote.final(stretch(2.0)).text == "Hello there."
    remote.final(stretch(2.0))
    assert [asked.form["response_format"] for asked in server.asked] == [["verbose_json"], ["json"], ["json"]]
    assert "timestamp_granularities[]" not in server.asked[1].form


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_fails_in_passing_is_asked_again(server: SpeechServer, opened: Opener, status: int) -> None:
    server.told += [Told({"error": "busy"}, status), Told({"error": "busy"}, status, {"retry-after": "0"})]
    assert opened(server).final(stretch(2.0)).text == "Hello there."
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_given_up_with_its_reason(server: SpeechServer, opened: Opener) -> None:
    server.told += [Told({"error": {"message": "Rate limit reached for ear-1."}}, 429)] * 9
    with pytest.raises(Unavailable, match=r"too busy \(429\): Rate limit reached for ear-1\. ") as failed:
        opened(server).final(stretch(2.0))
    assert len(server.asked) == 4
    assert "limits" in failed.value.remedy


def test_a_server_that_does_not_answer_is_given_up(server: SpeechServer, opened: Opener) -> None:
    server.told += [Told({"text": "late"}, after_s=60)] * 2
    with pytest.raises(Unavailable, match="doesn't answer in time"):
        opened(server, answer_s=1.0, waits_s=(0.01,)).final(stretch(1.0))
    assert len(server.asked) == 2


def test_a_server_that_is_not_there_is_named(server: SpeechServer, opened: Opener) -> None:
    server.__exit__()
    with pytest.raises(Unavailable, match=rf"{server.host} can't be reached") as failed:
        opened(server).final(stretch(1.0))
    assert "VORI_SPEECH_MODEL" in failed.value.remedy


@pytest.mark.parametrize("body", ["<html>Welcome</html>", '{"text": ', "[]", '{"text": null}', '{"error": "no"}', ""])
def test_an_answer_that_is_none_is_said_to_be(server: SpeechServer, opened: Opener, body: str) -> None:
    server.told.append(Told(body))
    with pytest.raises(BadAnswer, match="holds no text"):
        opened(server).final(stretch(1.0))
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 404])
def test_a_wrong_address_or_model_is_said_to_be(server: SpeechServer, opened: Opener, status: int) -> None:
    server.told.append(Told({"error": {"message": "The model 'ear-1' does not exist"}}, status, {"location": "/x"}))
    with pytest.raises(NoModel, match=rf"no 'ear-1' at /v1/audio/transcriptions \({status}\)"):
        opened(server).final(stretch(1.0))


def test_a_key_that_is_refused_is_asked_for_once_and_never_shown(opened: Opener) -> None:
    with SpeechServer(key=KEY) as server:
        assert "takes the key" in opened(server, key=f" {KEY}\n").check()
        with pytest.raises(Unavailable, match=r"refuses VORI_SPEECH_KEY \(401\)") as failed:
            opened(server, key="sk-quite-another").check()
        with pytest.raises(Unavailable, match="wants a key"):
            opened(server).check()
        assert len(server.asked) == 3
    assert failed.value.code == REFUSED
    assert "VORI_SPEECH_KEY" in failed.value.remedy
    assert KEY[::-1] not in whole(failed.value)


@pytest.mark.parametrize("status", [200, 400, 404, 429, 500])
def test_an_error_that_repeats_the_key_is_not_repeated(server: SpeechServer, opened: Opener, status: int) -> None:
    remote = opened(server, key=KEY)
    for echo in (KEY, f"Bearer {KEY}", "…test-5f0e…", KEY[4:]):
        server.told.clear()
        server.told += [Told({"error": {"message": f"Can't help {echo}."}}, status)] * 4
        with pytest.raises(VoriError) as failed:
            remote.final(stretch(1.0))
        assert "test-5f" not in whole(failed.value)
        assert "5f0e9a" not in whole(failed.value)


def whole(error: VoriError) -> str:
    """All that a log could show of an error."""
    return str(error.problem()) + "".join(traceback.format_exception(error))


def test_drafts_are_few_and_one_that_fails_stops_them_for_a_while(server: SpeechServer, opened: Opener) -> None:
    def draft(remote: Remote, seconds: float, start_ms: int = 0) -> str:
        return remote.drafts([stretch(1.0 + seconds, onset=1.0, start_ms=start_ms)])[0].text

    remote = opened(server, draft_every_s=3.0)
    heard = [draft(remote, tenths / 10) for tenths in range(7, 91, 7)]
    assert [bool(text) for text in heard].count(True) == len(server.asked) == 2
    server.told.append(Told({"error": "down"}, 500))
    assert (draft(remote, 4.0, 20_000), draft(remote, 4.0, 40_000)) == ("", "")
    assert len(server.asked) == 3
    assert draft(opened(server, draft_every_s=0), 9.0) == ""
    assert len(server.asked) == 3
    assert remote.final(stretch(4.0, start_ms=40_000)).text == "Hello there."


def test_drafts_of_several_streams_keep_their_places(opened: Opener) -> None:
    with SpeechServer(tell=lambda asked: Told({"text": f"{len(asked.sound) // 16_000} seconds"})) as server:
        stretches = [stretch(seconds, start_ms=round(seconds)) for seconds in (4.0, 1.0, 6.0, 5.0)]
        found = opened(server, draft_every_s=2.0).drafts(stretches)
    assert [draft.text for draft in found] == ["4 seconds", "", "6 seconds", "5 seconds"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://host/v1", "names no model at host"),
        ("https://host/v1#%00", "names no model"),
        ("http://#m", "isn't a web address"),
        ("http://host:99999/v1#m", "isn't a web address"),
        ("https://me:secret@host/v1#m", "more than the address of host"),
        ("https://host/v1?key=secret#m", "more than the address of host"),
    ],
)
def test_a_wrong_address_is_explained_without_its_secrets(address: str, told: str) -> None:
    with pytest.raises(Invalid, match=told) as failed:
        parse(address)
    assert "secret" not in str(failed.value)


def test_an_address_is_a_url_and_a_model() -> None:
    assert parse("https://host:8000/openai/v1/#Systran/faster-whisper-small") == (
        "https://host:8000/openai/v1",
        "Systran/faster-whisper-small",
    )


@pytest.mark.parametrize("key", ["two words", "schlüssel", "line\nbreak"])
def test_a_key_that_can_be_none_is_refused_unseen(key: str) -> None:
    with pytest.raises(Invalid, match="VORI_SPEECH_KEY") as failed:
        Remote("http://localhost/v1#m", key=key)
    assert key not in str(failed.value)


def test_a_whole_recording_is_heard_through_a_server_that_listens(
    whisper: Whisper, jfk: NDArray[np.int16], opened: Opener
) -> None:
    def listen(asked: Asked) -> Told:
        sound = asked.sound.astype(np.float32) / np.float32(32768)
        found = whisper.final(Stretch(sound, 0, "en"))
        words = [{"word": word.text.strip(",.?!"), "start": word.start, "end": word.end} for word in found.words]
        return Told({"task": "transcribe", "language": "english", "text": found.text, "words": words})

    with SpeechServer(tell=listen) as server:
        near = [line for line in transcribe(jfk, whisper, "en") if isinstance(line, Line)]
        far = [line for line in transcribe(jfk, opened(server), "en") if isinstance(line, Line)]
    assert [line.text for line in far] == [line.text for line in near]
    assert [word.start_ms for line in far for word in line.words] == pytest.approx(
        [word.start_ms for line in near for word in line.words], abs=20
    )
