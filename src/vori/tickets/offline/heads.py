"""What each turn does, by itself and its neighbours: linear heads over its embedding and its letter groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.events import Language, Status

ROLES = ("task", "owner", "accept", "deadline", "detail", "evidence", "anchor", "report", "target", "decision")
"""What a turn may be to a new ticket (`evidence`: any of the five), to a change, or to a decision.

The anchor is the turn that settles a ticket: the last in which somebody takes it on, else the last that names it.
"""
CLAIMS = tuple(f"claim_{status}" for status in Status)
"""The turn says that work is in this state, whether or not that is news."""
TURNS_BACK = ("reopen", "back")
TRAPS = tuple(
    f"trap_{kind}"
    for kind in (
        "chitchat question procedural hedge noop neg other conditional defer retracted issue future".split()  # noqa: SIM905
    )
)
"""What looks like work and is none."""
WHOSE = ("mine", "yours", "nobodys")
"""Of a ticket's turns: its speaker owns it, its speaker gives it to its owner, it leaves the owner open."""
HEADS = (*ROLES, *CLAIMS, "claim", *TURNS_BACK, *TRAPS, *WHOSE)
NEIGHBOURS = (0, -1, 1, -2, 2)
"""Whose embeddings a turn is judged by."""

Floats = NDArray[np.float32]


def groups(text: str, language: Language) -> Counter[str]:
    """Letter groups within words (their ends marked by spaces) and groups of words, counted."""
    low = text.lower()
    shortest, longest = (1, 4) if language == "ko" else (2, 5)
    found: Counter[str] = Counter()
    for word in re.sub(r"\s\s+", " ", low).split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            if size >= len(padded):
                found[padded] += 1
                break
            found.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    spoken = re.findall(r"[\w']+|[?!]", low)
    for size in (1, 2, 3):
        found.update("=" + " ".join(spoken[i : i + size]) for i in range(len(spoken) - size + 1))
    return found


@dataclass(frozen=True, slots=True)
class Heads:
    """The learned weights for one language; answers are log odds, one per head."""

    centre: Floats
    """(384,): the mean embedding, taken off before anything else: all talk is alike in it."""
    near: Floats
    """(neighbours, 384, heads)."""
    near_base: Floats
    rows: Mapping[str, int]
    """Where each known group's weights are."""
    rarity: Floats
    """(groups,): inverse document frequency."""
    form: Floats
    """(groups, heads)."""
    form_base: Floats

    def centred(self, vector: Floats) -> Floats:
        """An embedding without what all talk shares, of length one."""
        away = vector - self.centre
        unit: Floats = away / max(float(np.linalg.norm(away)), 1e-6)
        return unit

    def by_form(self, text: str, language: Language) -> Floats:
        """(heads,) from the groups of letters and words alone."""
        index, weight = weighted(groups(text, language), self.rows, self.rarity)
        told: Floats = weight @ self.form[index] + self.form_base
        return told

    def by_meaning(self, vectors: Floats) -> Floats:
        """(turns, heads) from centred embeddings (turns, 384) of turns in their order."""
        told = np.tile(self.near_base, (len(vectors), 1))
        for weights, offset in zip(self.near, NEIGHBOURS, strict=True):
            told += shifted(vectors @ weights, offset, 0.0)
        return told

    def arrays(self) -> dict[str, Any]:
        """As saved: the groups' weights as bytes, each head by its own scale."""
        scale = np.maximum(np.abs(self.form).max(0) / 127, 1e-9).astype(np.float32)
        return {
            "centre": self.centre,
            "near": self.near.astype(np.float16),
            "near_base": self.near_base,
            "groups": np.frombuffer("\n".join(self.rows).encode(), np.uint8),
            "rarity": self.rarity.astype(np.float16),
            "form": np.round(self.form / scale).astype(np.int8),
            "form_scale": scale,
            "form_base": self.form_base,
        }

    @staticmethod
    def of(arrays: Mapping[str, Any]) -> Heads:
        names = bytes(arrays["groups"]).decode().split("\n")
        return Heads(
            centre=arrays["centre"],
            near=arrays["near"].astype(np.float32),
            near_base=arrays["near_base"],
            rows={name: i for i, name in enumerate(names)},
            rarity=arrays["rarity"].astype(np.float32),
            form=arrays["form"] * arrays["form_scale"],
            form_base=arrays["form_base"],
        )


def weighted(found: Counter[str], rows: Mapping[str, int], rarity: Floats) -> tuple[NDArray[np.int64], Floats]:
    """(rows, weights) of the known groups: log counts by rarity, letters and words each of length one together."""
    known = [(rows[group], count, group[0] == "=") for group, count in found.items() if group in rows]
    index = np.array([row for row, _, _ in known], np.int64)
    weight = np.array([1 + np.log(count) for _, count, _ in known], np.float32) * rarity[index]
    of_words = np.array([word for _, _, word in known], bool)
    for part in (of_words, ~of_words):
        weight[part] /= max(float(np.linalg.norm(weight[part])), 1e-6)
    return index, weight


def shifted(rows: Floats, offset: int, fill: float = np.nan) -> Floats:
    """Row i + offset in place of row i; `fill` where there is none."""
    out = np.full_like(rows, fill)
    if offset == 0:
        return rows
    if abs(offset) < len(rows):
        if offset > 0:
            out[:-offset] = rows[offset:]
        else:
            out[-offset:] = rows[:offset]
    return out
