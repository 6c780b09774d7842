"""Moves of tickets that exist: a report, the ticket that it is about, and whether the rules of the board allow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vori.events import Status
from vori.tickets.model import Lane, Move, Talk, may_move, same_title
from vori.tickets.offline.matching import NEAR, Matcher, best, names_another
from vori.tickets.offline.reading import Act, Saying

FADE = 0.8
"""What a title named one turn earlier still counts."""
OWNER = 0.45
"""Reports come from the assignee in 19 of 20 cases."""
NOBODY = 0.5
"""Score of the ticket that isn't there: what is said may be about none."""
APPLIED, PENDING = 0.8, 0.55


class Claim(NamedTuple):
    """A report with the turn that names its ticket."""

    saying: Saying
    certainty: float
    named_at: int


def moves(talk: Talk, readings: Sequence[Sequence[Saying]], matcher: Matcher) -> tuple[Move, ...]:
    """In the order of the talk; several for a ticket when several things are said of it."""
    if not talk.tickets:
        return ()
    states = {ticket.id: ticket.status for ticket in talk.tickets}
    found = []
    for i in range(len(readings)):
        for k, claim in _claims(talk, readings, i, matcher).items():
            ticket, to = talk.tickets[k], claim.saying.claim
            before = states[ticket.id]
            if to is None or to is before or not may_move(before, to, claim.saying.reopens):
                continue
            lane: Lane = "applied" if claim.certainty >= APPLIED else "pending"
            found.append(
                Move(
                    ticket_id=ticket.id,
                    to=to,
                    evidence_ids=tuple(dict.fromkeys(talk.turns[j].id for j in (claim.named_at, i))),
                    certainty=round(claim.certainty, 2),
                    lane=lane,
                    reason=_reason(talk, i, claim.saying),
                    reopens=claim.saying.reopens,
                )
            )
            if lane == "applied":
                states[ticket.id] = to
    return tuple(found)


def _claims(talk: Talk, readings: Sequence[Sequence[Saying]], i: int, matcher: Matcher) -> dict[int, Claim]:
    """What turn `i` claims, by ticket. Of several claims the last counts; one half done is not done."""
    claims: dict[int, Claim] = {}
    denied = any(saying.act is Act.NEGATION for saying in readings[i])
    for saying in readings[i]:
        if saying.act is not Act.REPORT or saying.claim is None:
            continue
        vague = saying.claim is Status.DONE and not saying.outright
        k, score, lead, named_at = _which(talk, readings, i, saying, matcher)
        owned = talk.tickets[k].assignee is not None and talk.tickets[k].assignee == talk.turns[i].speaker
        doubtful = not owned and names_another(saying.text, saying.topic, talk.tickets[k].title)
        certainty = _certainty(saying, score, lead, doubtful)
        asked = any(s.act is Act.QUESTION for j in range(max(0, i - 2), i) for s in readings[j])
        if certainty < PENDING or (vague and (denied or (named_at != i and not asked))):
            continue
        if vague and k in claims and claims[k].saying.claim is Status.IN_PROGRESS:
            continue
        claims[k] = Claim(saying, certainty, named_at)
    return claims


def _which(
    talk: Talk, readings: Sequence[Sequence[Saying]], i: int, saying: Saying, matcher: Matcher
) -> tuple[int, float, float, int]:
    """(ticket, score, lead over the next, turn that names it) for a report in turn `i`."""
    own = matcher.scores(saying.text)
    whole = [max(pair) for pair in zip(own, matcher.scores(talk.turns[i].text), strict=True)]
    totals, named = list(whole), [i] * len(whole)
    for back in range(1, NEAR + 1):
        j = i - back
        other = j >= 0 and any(s.act is Act.REPORT and not s.points_back for s in readings[j])
        if j < 0 or (other and (back > 1 or not saying.points_back)):
            break
        for k, score in enumerate(matcher.scores(talk.turns[j].text)):
            if score * FADE**back > totals[k]:
                totals[k], named[k] = score * FADE**back, j
    for k, ticket in enumerate(talk.tickets):
        if ticket.assignee and talk.turns[i].speaker:
            totals[k] += OWNER if ticket.assignee == talk.turns[i].speaker else -OWNER / 2
    k, score, lead = _settle(talk, totals, saying)
    return k, score, lead, named[k]


def _settle(talk: Talk, totals: Sequence[float], saying: Saying) -> tuple[int, float, float]:
    """(ticket, score, lead over the next). Of tickets with one title, the newest that may make the move is meant."""
    k, score, _ = best(totals)
    twins = [
        i for i, ticket in enumerate(talk.tickets) if same_title(ticket.title) == same_title(talk.tickets[k].title)
    ]
    rivals = [total for i, total in enumerate(totals) if i not in twins]
    able = [i for i in twins if saying.claim and may_move(talk.tickets[i].status, saying.claim, saying.reopens)]
    return (able or twins)[-1], score, score - max([*rivals, NOBODY])


def _certainty(saying: Saying, score: float, lead: float, doubtful: bool) -> float:
    """0 to 1, higher for plain words, a close title and no rival."""
    sure = min(score / 1.7, 1.0) * 0.65 + min(max(lead, 0.0) / 0.5, 1.0) * 0.35
    return sure - 0.12 * (not saying.outright) - 0.12 * doubtful


def _reason(talk: Talk, i: int, saying: Saying) -> str:
    speaker = talk.turns[i].speaker
    if any("가" <= letter <= "힣" for letter in saying.text):
        state = {Status.TODO: "할 일로 돌아갔다", Status.IN_PROGRESS: "진행 중이라", Status.DONE: "끝났다"}[
            saying.claim or Status.TODO
        ]
        if saying.reopens:
            state = "다시 열렸다"
        return f"{speaker + ' 님이' if speaker else '회의에서'} {state}고 말했습니다."
    state = {Status.TODO: "it is put back", Status.IN_PROGRESS: "it is in progress", Status.DONE: "it is done"}[
        saying.claim or Status.TODO
    ]
    if saying.reopens:
        state = "it is open again"
    return f"{speaker or 'Somebody'} said that {state}."
