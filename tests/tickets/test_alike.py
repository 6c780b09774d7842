"""Titles that name the same work, and those that only look like it."""

from __future__ import annotations

from uuid import UUID

import pytest

from vori.tickets.alike import alike, known_work, says


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("로그인 페이지 구현", "로그인페이지 구현!"),
        ("로그인 페이지 구현", "로그인 페이지를 구현"),
        ("배포 일정 공유", "배포 일정 공유하기"),
        ("체크리스트 정리 및 공유", "체크리스트 정리하고 공유"),
        ("결제 오류 안내 문구 작성", "결재 오류 안내 문구 작성"),
        ("Write the release notes", "write release note"),
        ("Release notes for 2.1", "release notes 2.1"),
    ],
)
def test_the_same_work_in_other_words(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("로그인 페이지 구현", "로그인 페이지 수정"),
        ("API 문서 작성 v1", "API 문서 작성 v2"),
        ("월간 보고서 작성", "주간 보고서 작성"),
        ("테스트 서버 점검", "운영 서버 점검"),
        ("Fix login bug", "Fix logout bug"),
        ("Subscribe link", "Unsubscribe link"),
        ("Login page", "Login page tests"),
        ("Sprint 11 review", "Sprint 12 review"),
    ],
)
def test_other_work_that_looks_like_it(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_same_title_goes_before_one_that_is_like_it() -> None:
    titles = {UUID(int=1): "Write release note", UUID(int=2): "Write release notes"}
    assert known_work("write release notes", titles) == UUID(int=2)
    assert known_work("Write relase notes", titles) == UUID(int=1)
    assert known_work("Book a room", titles) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("제가 결제 오류 안내 문구를 작성하겠습니다.", "결제 오류 안내 문구 작성"),
        ("로그인페이지 구현은 그대로예요", "로그인 페이지 구현"),
        ("The release notes? I'm still writing them.", "Release notes"),
    ],
)
def test_a_title_is_said_with_whatever_endings(text: str, title: str) -> None:
    assert says(text, title)


@pytest.mark.parametrize(
    ("text", "title"),
    [("로그인 페이지는 좋네요", "로그인 페이지 구현"), ("We sell cars", "Cars"), ("Note the release", "Notes")],
)
def test_part_of_a_title_or_a_common_word_names_nothing(text: str, title: str) -> None:
    assert not says(text, title)
