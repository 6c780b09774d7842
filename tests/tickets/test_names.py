"""Names as people say them: whoever is surely meant gets the ticket, and nobody when it could be two."""

from __future__ import annotations

import pytest

from vori.tickets.names import known_person

TEAM = ["김민지", "박준호", "이서연", "최현우", "Robert Hall", "Priya", "Tom"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("민지님", "김민지"),
        ("민지야", "김민지"),
        ("김민지 선임", "김민지"),
        ("박 대리님", "박준호"),
        ("박대리", "박준호"),
        ("준호 씨", "박준호"),
        ("Min-ji", "김민지"),
        ("Kim Minji", "김민지"),
        ("Minji Kim", "김민지"),
        ("Hyunwoo", "최현우"),
        ("Seo-yeon Lee", "이서연"),
        ("priya", "Priya"),
        ("Bob", "Robert Hall"),
        ("Mr. Hall", "Robert Hall"),
    ],
)
def test_a_member_is_meant_by_many_names(said: str, meant: str) -> None:
    assert known_person(said, TEAM) == meant


@pytest.mark.parametrize("said", ["마이클", "대리님", "o", "", "Jiho", "박", None])
def test_others_are_nobody(said: str | None) -> None:
    assert known_person(said, TEAM) is None


def test_what_could_be_two_is_nobody() -> None:
    assert known_person("민수", ["김민수", "이민수"]) is None
    assert known_person("김 대리님", ["김민수", "김하늘"]) is None
    assert known_person("Min-ji", ["김민지", "박민지"]) is None
    assert known_person("Tom", ["Tom", "Tommy"]) == "Tom", "unless one is called just so"


def test_a_team_may_write_its_names_with_titles_or_in_letters() -> None:
    assert known_person("준호님", ["박준호 대리", "Tom"]) == "박준호 대리"
    assert known_person("이수석", ["이수석", "이대리"]) == "이수석"
    assert known_person("지호", ["Jiho", "Minji Kim"]) == "Jiho"
    assert known_person("민지님", ["Jiho", "Minji Kim"]) == "Minji Kim"
