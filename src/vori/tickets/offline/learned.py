"""All that was learned (`training/`), as one file beside this one."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import Heads
from vori.tickets.offline.title_parts import Tables

WEIGHTS = Path(__file__).parent / "weights.npz"
LANGUAGES: tuple[Language, ...] = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which certainty something is applied, shown as pending, or listed; learned so that a lane can be trusted."""

    applied: float
    pending: float
    review: float
    agreed: float
    """From here on it is applied too where the rules read the same outright."""


NONE = Bounds(0.0, 0.0, 0.0, 0.0)
"""Everything is applied: for the training, which looks for better ones."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the extractor knows. Heads and bounds differ by language, trees serve both."""

    heads: Mapping[Language, Heads]
    second_look: Trees
    third_look: Trees
    pairs: Trees
    tickets: Trees
    claims: Trees
    moves: Trees
    owners: Trees
    deadlines: Trees
    words: Trees
    """Which words a title keeps."""
    words_again: Trees
    """The same, with what `words` finds for the others."""
    titles: Mapping[Language, Tables]
    ticket_bounds: Mapping[Language, Bounds] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, NONE))
    move_bounds: Mapping[Language, Bounds] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, NONE))
    decided: Mapping[Language, float] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, 0.5))
    """Probability from which a turn is reported as a decision."""
    dated: Mapping[Language, float] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, 0.8))
    """Probability from which a day is taken as a ticket's due date; below, it has none."""

    def save(self, path: Path | BinaryIO) -> None:
        arrays: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Trees):
                arrays |= {f"{each.name}.{name}": array for name, array in value.arrays().items()}
        for language in LANGUAGES:
            arrays |= {f"heads.{language}.{name}": array for name, array in self.heads[language].arrays().items()}
            arrays |= {f"titles.{language}.{name}": array for name, array in self.titles[language].arrays().items()}
            for name in ("ticket_bounds", "move_bounds"):
                bounds = getattr(self, name)[language]
                arrays[f"{name}.{language}"] = np.array([bounds.applied, bounds.pending, bounds.review, bounds.agreed])
            arrays[f"decided.{language}"] = np.array(self.decided[language])
            arrays[f"dated.{language}"] = np.array(self.dated[language])
        np.savez_compressed(path, **arrays)

    def rounded(self) -> Learned:
        """The same as it is read again: a file keeps some weights less precisely."""
        file = io.BytesIO()
        self.save(file)
        file.seek(0)
        return Learned.load(file)

    @staticmethod
    def load(path: Path | BinaryIO = WEIGHTS) -> Learned:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}

        def part(prefix: str) -> dict[str, Any]:
            return {name[len(prefix) + 1 :]: a for name, a in arrays.items() if name.startswith(prefix + ".")}

        def bounds(name: str) -> dict[Language, Bounds]:
            return {lang: Bounds(*arrays[f"{name}.{lang}"].tolist()) for lang in LANGUAGES}

        trees = {each.name: Trees.of(part(each.name)) for each in fields(Learned) if each.type == "Trees"}
        return Learned(
            heads={language: Heads.of(part(f"heads.{language}")) for language in LANGUAGES},
            titles={language: Tables.of(part(f"titles.{language}")) for language in LANGUAGES},
            ticket_bounds=bounds("ticket_bounds"),
            move_bounds=bounds("move_bounds"),
            decided={language: float(arrays[f"decided.{language}"]) for language in LANGUAGES},
            dated={language: float(arrays[f"dated.{language}"]) for language in LANGUAGES},
            **trees,
        )
