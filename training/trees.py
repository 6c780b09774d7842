"""Grow boosted trees with LightGBM, and turn them into the tables that the extractor reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from vori.tickets.offline.boosting import Trees

OPTIONS = {
    "objective": "binary",
    "num_leaves": 14,
    "min_data_in_leaf": 20,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "feature_fraction_bynode": 0.6,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}

Rows = NDArray[np.float32]


def grow(
    rows: Rows,
    answers: Sequence[NDArray[Any]],
    weights: Sequence[NDArray[Any]] | None = None,
    *,
    bags: int = 3,
    kept: float = 0.85,
    rounds: int = 150,
    learning_rate: float = 0.06,
    **options: Any,
) -> Trees:
    """Trees for several yes-or-no questions about the same rows, each grown `bags` times on a part of them."""
    settings = OPTIONS | {"learning_rate": learning_rate} | options
    grown: list[list[lightgbm.Booster]] = [[] for _ in answers]
    for bag in range(bags):
        chosen = np.random.default_rng(bag).random(len(rows)) < (kept if bags > 1 else 1.1)
        data = lightgbm.Dataset(rows[chosen], params=settings, free_raw_data=False)
        for k, answer in enumerate(answers):
            data.set_label(answer[chosen].astype(np.float32))
            data.set_weight(None if weights is None else weights[k][chosen])
            grown[k].append(lightgbm.train(settings | {"seed": bag + 1}, data, rounds))
    return _table([booster for boosters in grown for booster in boosters], bags)


def _table(boosters: Sequence[lightgbm.Booster], bags: int) -> Trees:
    nodes: list[tuple[int, float, bool, int, int, float]] = []
    roots: list[int] = []
    begins: list[int] = []
    depth = 0
    for booster in boosters:
        begins.append(len(roots))
        for tree in booster.dump_model()["tree_info"]:
            roots.append(len(nodes))
            depth = max(depth, _add(nodes, tree["tree_structure"]))
    feature, threshold, missing_left, left, right, value = zip(*nodes, strict=True)
    return Trees(
        feature=np.array(feature, np.int16),
        threshold=_rounded_down(np.array(threshold)),
        missing_left=np.array(missing_left, bool),
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        value=np.array(value, np.float32),
        roots=np.array(roots, np.int32),
        begins=np.array(begins, np.int32),
        bags=bags,
        depth=depth,
    )


def _add(nodes: list[tuple[int, float, bool, int, int, float]], tree: dict[str, Any]) -> int:
    """Append a tree, its root first; how deep it is."""
    at = len(nodes)
    if "leaf_value" in tree:
        nodes.append((0, 0.0, True, at, at, tree["leaf_value"]))
        return 0
    nodes.append((0, 0.0, True, at, at, 0.0))
    left = len(nodes)
    deep = _add(nodes, tree["left_child"])
    right = len(nodes)
    deep = max(deep, _add(nodes, tree["right_child"]))
    # What was never missing in training is read as zero where it is missing.
    missing_left = tree["default_left"] if tree["missing_type"] == "NaN" else tree["threshold"] >= 0
    nodes[at] = (tree["split_feature"], tree["threshold"], missing_left, left, right, 0.0)
    return deep + 1


def _rounded_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest single-precision number that isn't above: `x <= t` then means the same for such an x."""
    near = np.clip(thresholds, -3e38, 3e38).astype(np.float32)
    below: NDArray[np.float32] = np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)
    return below
