"""What a ticket's title is made of: the matter and the deed; no people, no dates, no fillers, nothing cut short."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from vori.events import Language
from vori.tickets.model import Talk, Turn
from vori.tickets.offline.heads import HEADS, Heads
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.scene import Reading, lay_out
from vori.tickets.offline.title_choice import best_first, composed
from vori.tickets.offline.title_parts import Deed, Placed, Source, Tables
from vori.tickets.offline.title_words import DEED, GLUE, HOW, IDLE, THING, Word, english, korean, spelt

VERBS = frozenset({"print", "order", "write", "replace"})


def tables(*deeds: str, verbs: frozenset[str] = VERBS) -> Tables:
    none = np.zeros(0, np.float32)
    return Tables(verbs, {}, {}, deeds, {}, none, none, none)


def source(language: Language, words: tuple[Word, ...]) -> Source:
    """One turn with these words, each as likely to be in the title as its kind is to be in any."""
    talk = Talk(turns=[Turn("u1", "A", "x", 0, 0)], tickets=[], date=date(2026, 3, 2), language=language)
    zero = np.zeros((0, len(HEADS)), np.float32)
    heads = Heads(
        centre=np.zeros(384, np.float32),
        near=np.zeros((5, 384, len(HEADS)), np.float32),
        near_base=zero.sum(0),
        rows={},
        rarity=zero[:, 0],
        form=zero,
        form_base=zero.sum(0),
    )
    reading = Reading(language, (), frozenset(), np.ones(384, np.float32), np.zeros(len(HEADS), np.float32))
    scene = lay_out(talk, [reading], np.zeros((0, 384), np.float32), {language: heads})
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
