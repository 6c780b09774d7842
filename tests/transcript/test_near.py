"""Which of the team's words a text may have missed, by their sound alone."""

from __future__ import annotations

import pytest

from vori.transcript.vocabulary.near import Near, best, near, put_in
from vori.transcript.vocabulary.pronounce import NUMBER, RUN, sounds_of

TEAM = ("Kubernetes", "Grafana", "Min-ji", "OAuth", "PostgreSQL", "Thandiwe", "webhook", "changelog", "retry queue")
TEAM_KO = ("쿠버네티스", "김민지", "지하철역", "학생할인", "학생", "아웃백", "목동점", "카프카")


def found(text: str, terms: tuple[str, ...]) -> dict[str, str]:
    """The nearest run of each near term."""
    runs: dict[str, str] = {}
    for one in near(text, terms):
        runs.setdefault(one.term, text[one.begin : one.end])
    return runs


@pytest.mark.parametrize(
    ("text", "term", "run"),
    [
        ("We moved the workers to Cooper Netty's last week.", "Kubernetes", "Cooper Netty's"),
        ("The workers are in Cuba. Net is slow.", "Kubernetes", "Cuba. Net is"),
        ("The graph on a dashboard grows.", "Grafana", "graph on a"),
        ("Menji will fix it.", "Min-ji", "Menji"),
        ("The post-gress QL upgrade is late.", "PostgreSQL", "post-gress QL"),
        ("Look at the web hook again.", "webhook", "web hook"),
        ("Ride it into the change, lug, please.", "changelog", "change, lug"),
        ("The reach for a cue is full.", "retry queue", ""),
        ("가장 가까운 지하찰력이 무슨 역인가요?", "지하철역", "지하찰력"),
        ("학생활인 받으려면 무엇이 필요한가요?", "학생할인", "학생활인"),
        ("녹통점 어디에 있나요?", "목동점", "녹통점"),
        ("쿠버 네 티스를 올립시다.", "쿠버네티스", "쿠버 네 티스"),
        ("강민지 씨가 합니다.", "김민지", "강민지"),
    ],
)
def test_a_term_is_near_what_sounds_like_it(text: str, term: str, run: str) -> None:
    assert found(text, TEAM + TEAM_KO).get(term, "") == run


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "Let's meet again on Thursday afternoon.",
        "So who brings the coffee?",
        "Kubernetes, Grafana, the webhook: all fine. So is Minji.",
        "다음 주에 다시 이야기하기로 해요.",
        "학생할인은 목동점에서 됩니다.",
    ],
)
def test_no_term_is_near_other_words_nor_where_it_is_written_already(text: str) -> None:
    assert near(text, TEAM + TEAM_KO) == []


def test_a_korean_term_may_have_a_particle_behind_it_and_another_script_too() -> None:
    assert found("아웃벡을 카프까에 넣고 grafanna를 봐요.", (*TEAM_KO, "Grafana")) == {
        "아웃백": "아웃벡",
        "카프카": "카프까",
        "Grafana": "grafanna",
    }


def test_short_terms_need_near_identity() -> None:
    assert found("The cap is on.", ("Kev", "Kap")) == {"Kap": "cap"}
    assert found("We go to it.", ("Go", "IT", "Al")) == {}, "of fewer than three sounds, never"


def test_what_was_heard_for_certain_is_left_alone() -> None:
    text = "We told Menji about the web hook."
    assert {one.term for one in near(text, TEAM)} == {"Min-ji", "webhook"}
    assert {one.term for one in near(text, TEAM, [(0, 13)])} == {"webhook"}
    assert near(text, TEAM, [(0, 13), (14, 19), (20, 23), (24, 27), (28, len(text))]) == []


def test_a_term_has_a_second_run_that_ends_elsewhere() -> None:
    text = "Tandy Wade joins the team."
    assert [text[one.begin : one.end] for one in near(text, ("Thandiwe",))] == ["Tandy", "Tandy Wade"]


def test_the_nearest_comes_first() -> None:
    assert [one.term for one in near("Ask Gartek about it.", ("Burdock", "Barack", "Bartek"))][:1] == ["Bartek"]


def test_the_best_that_gain_enough_are_put_in_one_in_a_place() -> None:
    text = "Tandy Wade told Menji."
    every = [Near("Thandiwe", 0, 5, 0.1), Near("Thandiwe", 0, 10, 0.2), Near("Min-ji", 16, 21, 0.0)]
    assert put_in(text, best(every, [2.0, 6.0, 4.0])) == "Thandiwe told Min-ji."
    assert put_in(text, best(every, [2.0, 0.9, 0.9])) == "Thandiwe Wade told Menji."
    assert put_in(text, best(every, [0.9, -3.0, 0.0])) == text


def test_every_letter_has_a_known_sound() -> None:
    letters = "the quick brown fox jumps over lazy dogs which sketch phlegm knights 0123456789 naïve Ærø 漢字 ß"
    hangul = "".join(chr(code) for code in range(ord("가"), ord("힣") + 1))
    runs = RUN.findall(letters) + RUN.findall(hangul)
    assert {sound for run in runs for sound in sounds_of(run)} <= set(NUMBER)
    assert len(runs) > 11_000
