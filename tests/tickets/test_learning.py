"""What is learned in `training/` and read in the extractor is the same; and labels mean what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

try:
    import lightgbm
except OSError:  # the library is there, but not what it stands on
    pytest.skip("LightGBM needs libgomp. On Debian and Ubuntu: apt-get install libgomp1", allow_module_level=True)

from tests.tickets.talks import MONDAY
from training.bounds import Judged, Tally
from training.data import FOLDER, labels, read
from training.deadlines import INVENTED, LEAST, Lesson, bound
from training.linear import logistic
from training.trees import OPTIONS, grow

from vori.tickets.offline import OfflineExtractor
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import HEADS, groups, weighted
from vori.tickets.offline.learned import LANGUAGES, Learned


def rows(chance: np.random.Generator, n: int) -> np.ndarray:
    table = chance.normal(size=(n, 12)).astype(np.float32)
    table[:, :8][chance.random((n, 8)) < 0.1] = np.nan
    return table


def test_trees_read_as_tables_say_what_lightgbm_says() -> None:
    chance = np.random.default_rng(0)
    table = rows(chance, 800)
    answers = np.nan_to_num(table[:, 0]) * table[:, 9] > 0.1
    trees = grow(table, [answers, ~answers], bags=1, rounds=30)
    boosted = lightgbm.train(
        OPTIONS | {"learning_rate": 0.06, "seed": 1}, lightgbm.Dataset(table, answers.astype(np.float32)), 30
    )
    unseen = rows(chance, 300)
    unseen[::7, 9] = np.nan  # never missing in training
    assert np.allclose(trees(unseen)[:, 0], boosted.predict(unseen), atol=1e-6)
    again = Trees.of(trees.arrays())
    assert np.array_equal(again(unseen), trees(unseen))
    assert trees(unseen[:0]).shape == (0, 2)


def test_heads_tell_two_kinds_apart() -> None:
    chance = np.random.default_rng(0)
    points = chance.normal(size=(200, 5)).astype(np.float32)
    answers = (points[:, :1] > 0).astype(np.float32)
    told = points @ logistic(points, answers, np.ones_like(answers), 1.0)
    assert ((told > 0) == (answers > 0)).mean() > 0.95


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    known = Learned.load()
    known.save(tmp_path / "again.npz")
    again = Learned.load(tmp_path / "again.npz")
    (meeting,) = (m for m in read(FOLDER / "en.jsonl") if m.name == "en-va2")
    one, other = OfflineExtractor(known), OfflineExtractor(again)
    found = one.extract(meeting.talk)
    assert found.proposals
    assert found.moves
    assert other.extract(meeting.talk) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_of_the_meetings_points_at_something(language: str) -> None:
    meetings = list(read(FOLDER / f"{language}.jsonl"))
    assert len(meetings) >= 120
    assert len({meeting.name for meeting in meetings}) == len(meetings)
    for meeting in meetings:
        answers, weights = labels(meeting)
        assert answers.shape == weights.shape == (len(meeting.talk.turns), len(HEADS))
        assert answers[:, HEADS.index("anchor")].sum() <= len(meeting.gold["tickets"])
        tickets = {ticket.id: ticket.status for ticket in meeting.talk.tickets}
        for change in meeting.gold["status_changes"]:
            assert tickets[change["ticket_id"]] == change["from"] != change["to"]
        assert "CC0" in meeting.gold["licence"], json.dumps(meeting.name)


def test_a_lane_keeps_its_promise_and_harms_nothing() -> None:
    good = [Judged(0.9 - n / 1000, right=True) for n in range(50)]
    bad = [Judged(0.6 - n / 1000, right=False, harmful=True) for n in range(50)]
    bounds = Tally([*bad, *good], wanted=60, still=500).bounds(right=0.9)
    applied = [judged for judged in (*good, *bad) if judged.certainty >= bounds.applied]
    assert sum(judged.right for judged in applied) / len(applied) >= 0.9
    assert sum(judged.harmful for judged in applied) <= 4
    assert bounds.applied >= bounds.pending >= bounds.review
    assert bounds.review == pytest.approx(0.851)


def test_few_days_are_invented() -> None:
    chance = np.random.default_rng(0)
    nothing = np.zeros((0, 0), np.float32)
    dated = [Lesson(0, "en", [MONDAY], MONDAY, nothing, True) for _ in range(200)]
    undated = [Lesson(0, "en", [MONDAY], None, nothing, True) for _ in range(200)]
    judged = [(lesson, float(sure)) for lesson, sure in zip(dated, chance.uniform(0.5, 1, 200), strict=True)]
    judged += [(lesson, float(sure)) for lesson, sure in zip(undated, chance.uniform(0, 0.9, 200), strict=True)]
    least = bound(judged)
    assert sum(sure > least for lesson, sure in judged if lesson.due is None) <= INVENTED * len(undated)
    assert sum(sure > least for lesson, sure in judged if lesson.due) > 50
    assert bound([(lesson, 0.1) for lesson in undated]) == LEAST


def test_groups_weigh_letters_and_words_alike() -> None:
    found = groups("Okay, on it.", "en")
    assert found["=on it"] == 1
    assert found[" on "] == 1
    names = {name: i for i, name in enumerate(found)}
    index, weight = weighted(found, names, np.ones(len(names), np.float32))
    words = np.array([list(names)[i][0] == "=" for i in index])
    assert np.linalg.norm(weight[words]) == pytest.approx(1)
    assert np.linalg.norm(weight[~words]) == pytest.approx(1)
