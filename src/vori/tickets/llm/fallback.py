"""An extractor with another behind it: what the first couldn't read, the second does; each change says whose it is."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TypeVar

import structlog

from vori.events import Language
from vori.tickets.llm.extract import MEETINGS, LlmExtractor, Reading
from vori.tickets.model import Extraction, Extractor, Move, Proposal, Talk, same_title

Item = TypeVar("Item", Proposal, Move)

logger = structlog.get_logger()


class FallbackExtractor:
    """An `Extractor`: the `first`, and where it fails the `spare`."""

    def __init__(self, first: LlmExtractor, spare: Extractor) -> None:
        self._first = first
        self._spare = spare
        self.name = first.name
        self.version = first.version
        self.prompt = first.prompt
        self._told: OrderedDict[tuple[str, str], dict[str, str]] = OrderedDict()
        """By meeting: turns handed to the spare, each with the turn that was heard last when it was."""
        self._trouble = ""

    def warm(self, language: Language | None) -> None:
        self._first.warm(language)
        self._spare.warm(language)

    def extract(self, talk: Talk) -> Extraction:
        reading = self._first.read(talk)
        self._say(reading)
        if not reading.missing:
            return reading.extraction
        return self._filled(talk, reading, self._spare.extract(talk))

    def _say(self, reading: Reading) -> None:
        """Log when the spare begins to stand in, when the reason changes, and when it no longer has to."""
        if reading.trouble == self._trouble:
            return
        self._trouble = reading.trouble
        if reading.trouble:
            logger.warning("extractor.fell_back", to=self._spare.name, reason=reading.trouble)
        else:
            logger.info("extractor.recovered", extractor=self._first.name)

    def _filled(self, talk: Talk, reading: Reading, spare: Extraction) -> Extraction:
        """What was found, and what the spare found in the missing turns and isn't the same."""
        missing, found = reading.missing, reading.extraction
        by = f"{self._spare.name} {self._spare.version}"
        quoted = {turn for made in found.proposals for turn in made.evidence_ids}
        titles = {same_title(made.title) for made in found.proposals}
        moved = {(move.ticket_id, move.to) for move in found.moves}
        proposals = [
            replace(made, by=by)
            for made in spare.proposals
            if not missing.isdisjoint(made.evidence_ids)
            and quoted.isdisjoint(made.evidence_ids)
            and same_title(made.title) not in titles
        ]
        moves = [
            replace(move, by=by)
            for move in spare.moves
            if move.evidence_ids[-1] in missing and (move.ticket_id, move.to) not in moved
        ]
        order = {turn.id: place for place, turn in enumerate(talk.turns)}
        return Extraction(
            proposals=(*found.proposals, *proposals),
            moves=tuple(sorted((*found.moves, *moves), key=lambda move: order[move.evidence_ids[-1]])),
            decisions=(*found.decisions, *(d for d in spare.decisions if not missing.isdisjoint(d.evidence_ids))),
            fresh=found.fresh | self._handed(talk, missing),
            prompt=found.prompt,
        )

    def _handed(self, talk: Talk, missing: frozenset[str]) -> set[str]:
        """The missing turns that the spare gets only now."""
        key = (talk.workspace, talk.meeting)
        told = self._told.pop(key, {}) if talk.meeting else {}
        for turn in missing:
            told.setdefault(turn, talk.said)
        if talk.meeting:
            self._told[key] = told
        while len(self._told) > MEETINGS:
            self._told.popitem(last=False)
        return {turn for turn in missing if told[turn] == talk.said}
