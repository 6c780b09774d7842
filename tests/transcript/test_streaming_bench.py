"""What `bench/streaming.py` concludes from what it was shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from costs import Meter
from recordings import RATE, Recording, Shown, cut
from scored import Scorer, growing
from streaming import find_capacity, play, rows, table
from systems import Missing, Running

EVALUATION = Path(__file__).parents[3] / "shared" / "eval"
WORDS = list("abcdefghijklmnopqrstuvwxyz")

needs_scorer = pytest.mark.skipif(
    not (EVALUATION / "score_transcript.py").is_file(), reason="the evaluation's scorer isn't beside this repository"
)


def recording(words: Sequence[str] = WORDS) -> Recording:
    """A word a second."""
    ends = [float(number) for number in range(1, len(words) + 1)]
    return Recording("x", {"lang": "en", "words": [*words], "ends": ends}, np.zeros(RATE, np.int16))


def shown_after(delay: float, said: Recording) -> Shown:
    shown = Shown()
    for number, end in enumerate(said.reference["ends"], 1):
        text = " ".join(said.reference["words"][:number])
        before = text.rpartition(" ")[0]
        shown.show(end + delay / 2, final=before, draft="uhm")
        shown.show(end + delay * 3 / 4, final=before, draft=text.split()[-1], stable=text.split()[-1])
        shown.show(end + delay, final=text)
    return shown


class Scripted:
    """Carries some streams in time; with more of them each word takes long. It doesn't begin with too many."""

    name = "scripted"
    setting = "none"

    def __init__(self, carries: int, begins: int = 99) -> None:
        self.carries, self.begins = carries, begins

    def prepare(self) -> None: ...

    @contextmanager
    def run(self, recordings: Sequence[Recording]) -> Iterator[Running]:
        if len(recordings) > self.begins:
            raise Missing("too many")

        async def play(played: Sequence[Recording]) -> list[Shown]:
            return [shown_after(0.8 if len(played) <= self.carries else 8.0, said) for said in played]

        yield Running(play, [os.getpid()])


def test_what_lies_near_the_end_of_an_extract_is_left_out() -> None:
    assert cut({"words": ["a", "b", "c"], "ends": [1.0, 4.9, 6.0]}, 5.0) == {"words": ["a"], "ends": [1.0]}


def test_what_is_shown_again_is_no_event() -> None:
    shown = Shown()
    for t, final, draft in ((1.0, "", "a"), (2.0, "", "a"), (3.0, "a", "")):
        shown.show(t, final, draft)
    assert [event["t"] for event in shown.events] == [1.0, 3.0]


def test_work_piles_up_when_even_the_quick_words_come_later_or_stay_away() -> None:
    said = recording()
    steady = {number: 1.0 + number % 3 for number in range(len(WORDS))}
    assert not growing([said], [steady])
    assert growing([said], [{number: 1.0 + number / 8 for number in steady}])
    assert growing([said], [{number: steady[number] for number in range(9)}])
    assert growing([said], [{}])


def test_costs_are_counted_for_the_whole_tree_and_for_children_that_ended() -> None:
    burn = "x = 0\nfor i in range(4_000_000): x += i"
    parent = (
        "import subprocess, sys; sys.stdin.readline(); "
        f"subprocess.run([sys.executable, '-c', {burn!r}]); print(flush=True); sys.stdin.readline()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", parent], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with Meter([process.pid]) as meter:
            process.stdin.write("\n")
            process.stdin.flush()
            process.stdout.readline()
    assert meter.cpu_s > 0.05
    assert meter.rss_mb > 1
    assert meter.pss_mb > 1


@needs_scorer
def test_one_recording_is_scored_as_the_scorer_s_own_command_does(tmp_path: Path) -> None:
    said = recording([*WORDS, "o'clock-ish", "twenty"])
    shown = shown_after(2.0, said)
    shown.events[20]["draft"] = "x"
    events = [{"t": event["t"], "confirmed": event["final"], "draft": event["draft"]} | event for event in shown.events]
    (tmp_path / "x.json").write_text(json.dumps(said.reference))
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    command: list[str | Path] = [
        sys.executable,
        "-B",
        EVALUATION / "score_transcript.py",
        tmp_path / "x.json",
        tmp_path / "x.jsonl",
    ]
    printed = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout
    theirs, ours = json.loads(printed), Scorer(EVALUATION).figures([said], [shown])
    assert ours["stable_p50"] == 1.5
    renamed = {key: value for key, value in theirs.items() if key != "confirmed_mean"}
    assert {key.replace("final_", "confirmed_"): ours[key] for key in ours}.items() >= renamed.items()


@needs_scorer
def test_several_recordings_count_as_one() -> None:
    scorer, said = Scorer(EVALUATION), recording()
    wrong = shown_after(1.0, recording(["no", *WORDS[1:]]))
    both = scorer.figures([said, said], [shown_after(3.0, said), wrong])
    assert both["wer"] == round(100 / (2 * len(WORDS)), 1)
    assert (both["final_p50"], both["final_p95"]) == (3.0, 3.0)


@needs_scorer
def test_the_most_streams_are_those_before_words_come_late() -> None:
    found = find_capacity(Scripted(4), [recording()], Scorer(EVALUATION), limit=32)
    assert (found.most, len(found.steps)) == (4, 4)
    assert find_capacity(Scripted(0), [recording()], Scorer(EVALUATION), limit=32).most == 0
    unable = find_capacity(Scripted(99, begins=6), [recording()], Scorer(EVALUATION), limit=32)
    assert (unable.most, unable.steps[-1]) == (6, "8: too many")
    assert find_capacity(Scripted(99), [recording()], Scorer(EVALUATION), limit=4).most == 4


@needs_scorer
def test_a_row_for_each_language_and_a_cell_for_each_column() -> None:
    said = recording()
    korean = Recording("k", {"lang": "ko", "words": ["회의", "시작"], "ends": [1.0, 2.0]}, said.sound)
    system = Scripted(9)
    found = rows(system, play(system, [said, korean, said]), Scorer(EVALUATION))
    assert [(row["lang"], row["streams"], row.get("wer"), row.get("cer")) for row in found] == [
        ("en", 3, 0.0, None),
        ("ko", 3, None, 0.0),
    ]
    head, rule, *lines = table(found).splitlines()
    assert {line.count("|") for line in (rule, *lines)} == {head.count("|")}
