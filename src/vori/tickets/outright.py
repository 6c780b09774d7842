"""Words that say outright what else has to be guessed: corrections, work open again, what blocks, other days. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from textwrap import shorten

from vori.events import Status
from vori.tickets.alike import says
from vori.tickets.model import TITLE_LENGTH, Block, DueMove, Extraction, Lane, Move, OpenTicket, Talk, Turn
from vori.tickets.names import said_person
from vori.tickets.offline.dates import due

BACK = 3
"""Turns before a correction in which what it corrects was said."""
SURE, UNSURE = 0.9, 0.6

_REOPENED = re.compile(
    r"다시|도로|또|새로|되돌|되열|재오픈|리오픈|재작업|재개|풀어|내려|빼 ?주|취소|반려"
    r"|(?:끝|완료|된|닫).{0,6}(?:아니|아녔|아녀|아인)|안 ?끝났|안 ?됐"
    r"|\bagain\b|\bre-?(?:open|do|start|work|run|activ)|\bun-?(?:clos|lock|do|tick|finish)|\bback\b|\bout of done\b"
    r"|(?:\bnot\b|\bno\b|\bnever\b|n't\b|\bhardly\b).{0,24}\b(?:done|finished|fixed|closed|complete|signed|it is)"
    r"|\bopen(?:ed)?\b|\b(?:still|live)\b|revert|roll(?:ed)? back|tick's gone|take it out|withdrawn"
    r"|as we speak|pulled|over from",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:아니(?:요|에요|야|지|,| |\.)|아뇨|아녜요|잠깐만?요?|정정|그게 아니|"
    r"no\b[,. —-]|nope\b|wait\b|hang on|hold on|actually\b|sorry\b|correction\b|scratch that|not quite|not so fast)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"그건|그거|그게|그것|이건|이거|\b(?:it|it's|that|this)\b", re.IGNORECASE)
_NOT_BEGUN = re.compile(
    r"아직\s(?:시작도?\s?(?:안|못)|손도?\s?(?:안|못))|시작도?\s?(?:안|못) (?:했|한)|시작하지\s?(?:도\s)?(?:않|못)"
    r"|\b(?:haven't|hasn't|have not|has not|not|didn't|never) (?:even |yet )?(?:been )?(?:start|begun|touch)",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"아직.{0,12}(?:중이|중인|중입|하고\s있|남았|덜|안\s?끝|안\s?됐|못\s?끝)|(?:안|못)\s?끝났"
    r"|\bstill (?:in (?:review|progress|testing|qa|the works)|being|under|open|going|work|on it|waiting|not)"
    r"|\b(?:isn't|is not|it's not|not|never) (?:actually |really |quite |yet )?(?:done|finished|complete|merged|closed)"
    r"|\bstill\b.{0,16}\b(?:in review|in progress)\b",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"막혀|막혔|막힌|블락|블로킹|\b(?:is |are |'s |'re |'m |am |was |been )?(?:blocked|stuck|held up)\b", re.IGNORECASE
)
_WAITS = re.compile(
    r"기다리(?:고|는)|대기\s?중|\bwaiting (?:on|for)\b|\bcan't (?:start|continue|proceed|go on)\b", re.IGNORECASE
)
_CLEARED = re.compile(
    r"(?:막힌|막혔던|막혀\s?있던).{0,12}(?:풀|해결|뚫)|풀렸|뚫렸|(?:블락|블로킹).{0,6}(?:풀|해제)|\bunblocked\b"
    r"|\b(?:no longer|not|isn't|aren't|n't) (?:any ?more )?(?:blocked|stuck|held up)\b",
    re.IGNORECASE,
)
_DAY_MOVES = re.compile(
    r"\b(?:push(?:ed|ing)?|mov(?:ed?|ing)|postpon\w+|delay(?:ed|ing)?|slip(?:s|ped|ping)?|reschedul\w+|extend(?:ed|ing)?|"
    r"br(?:ing|inging|ought) (?:\w+ ){0,4}?forward|pull(?:ed|ing)? (?:\w+ ){0,4}?(?:in|forward))\b"
    r"[^.?!]{0,60}\b(?:to|until|till|by)\b|\b(?:the |its |new )?(?:deadline|due date)\b|\bis (?:now )?due\b|"
    r"미루|미뤄|미룹|미뤘|연기|당기|당겨|당깁|당겼|늦추|늦춰|늦췄|늦춥|연장|"
    r"마감(?:일|은|을|이)?[^.?!]{0,24}(?:바꾸|바꿔|바뀌|바뀝|바뀌었|변경|옮기|옮겨|옮겼|로 (?:해|하|정))",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\?\s*$|\b(?:if|unless|maybe|perhaps|might|could|would|should we|shall we|can we)\b|"
    r"(?<![화측장서전반])면(?:[\s,.]|$)|아마|혹시|같아요|모르겠|것 같|(?:수는|수도|안 ?돼|못 ?(?:하|해))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\?\s*$|(?:안|않|없|아니).{0,6}(?:막혀|막혔)|막혀 ?있지 ?않|\bif\b|으면|라면|\bmight\b|\bcould\b|\bwould\b",
    re.IGNORECASE,
)


def reopens(said: Iterable[str]) -> bool:
    """Whether these words say outright that finished work is open again."""
    return any(_REOPENED.search(text) for text in said)


@lru_cache(maxsize=8192)
def corrects(text: str) -> bool:
    """Whether these words begin by taking back what was said before them."""
    return bool(_CORRECTS.search(text))


def with_the_outright(extraction: Extraction, talk: Talk) -> Extraction:
    """The extraction with the corrections, blocks and other days that were said in so many words."""
    return replace(
        extraction,
        moves=tuple(_corrected(extraction.moves, talk)),
        blocks=(*extraction.blocks, *_blocks(extraction, talk)),
        due_moves=(*extraction.due_moves, *_days(extraction, talk)),
    )


def _corrected(moves: Sequence[Move], talk: Talk) -> Iterable[Move]:
    """The moves, those of a correction marked, and those that a correction makes of what was reported just before it.

    "No, that's Jiho's, and it's still in review": the ticket last reported on is meant, unless another is named. Once
    the correction is heard the report may look unsure; what only takes it back is sure all the same.
    """
    places = {turn.id: place for place, turn in enumerate(talk.turns)}
    tickets = {ticket.id: ticket for ticket in talk.tickets}
    reported: dict[int, Move] = {}
    for move in moves:
        place = places[move.evidence_ids[-1]]
        amends = corrects(talk.turns[place].text)
        owner = (_owner(talk.turns[place], tickets[move.ticket_id], talk) or move.assignee) if amends else None
        reported[place] = replace(move, amends=amends, assignee=owner)
        yield reported[place]
    for place, turn in enumerate(talk.turns):
        to = _state(turn.text) if place not in reported and corrects(turn.text) else None
        known = _just_reported(place, reported, talk) if to else None
        named = {ticket.id for ticket in _named(turn.text, talk.tickets)} if known else ()
        if (
            to
            and known
            and known.to is not to
            and (known.ticket_id in named or (not named and _POINTS.search(turn.text)))
        ):
            taken_back = known.lane != "review" and to is tickets[known.ticket_id].status
            yield replace(
                known,
                to=to,
                evidence_ids=(*known.evidence_ids, turn.id),
                certainty=max(known.certainty, SURE) if taken_back else known.certainty,
                lane="applied" if taken_back else known.lane,
                reason=_short(turn.text),
                reopens=False,
                amends=True,
                assignee=_owner(turn, tickets[known.ticket_id], talk),
            )


def _just_reported(place: int, reported: Mapping[int, Move], talk: Talk) -> Move | None:
    """The last report before a turn, unless a question came in between: then the turn answers that."""
    for at in range(place - 1, max(-1, place - 1 - BACK), -1):
        if at in reported:
            return reported[at]
        if talk.turns[at].text.rstrip().endswith("?"):
            return None
    return None


def _state(text: str) -> Status | None:
    if text.rstrip().endswith("?"):
        return None
    return Status.TODO if _NOT_BEGUN.search(text) else Status.IN_PROGRESS if _STILL.search(text) else None


def _owner(turn: Turn, ticket: OpenTicket, talk: Talk) -> str | None:
    owner = said_person(turn.text, talk.everyone(), talk.members)
    return owner if owner != ticket.assignee else None


def _blocks(extraction: Extraction, talk: Talk) -> Iterable[Block]:
    """What blocks a ticket that is named in the same turn, or reported on there."""
    moved: dict[str, set[str]] = {}
    for move in extraction.moves:
        moved.setdefault(move.evidence_ids[-1], set()).add(move.ticket_id)
    for turn in talk.turns:
        claim = _blocking(turn.text)
        if claim is None:
            continue
        named = _named(turn.text, talk.tickets) or [t for t in talk.tickets if t.id in moved.get(turn.id, ())]
        for ticket in named:
            if ticket.status is not Status.DONE:
                blocked, certainty = claim
                lane: Lane = "applied" if certainty == SURE else "pending"
                said = _short(turn.text)
                yield Block(ticket.id, blocked, (turn.id,), certainty, lane, said if blocked else "", said)


def _days(extraction: Extraction, talk: Talk) -> Iterable[DueMove]:
    """Other days for the one ticket that is named in the same turn."""
    told = {(move.ticket_id, move.evidence_ids[-1]) for move in extraction.due_moves}
    for turn in talk.turns:
        named = _named(turn.text, talk.tickets) if _moves_a_day(turn.text) else []
        day = due(turn.text, talk.date) if len(named) == 1 else None
        if day is None or day < talk.date or day == named[0].due or (named[0].id, turn.id) in told:
            continue
        if named[0].status is not Status.DONE:
            yield DueMove(named[0].id, day, (turn.id,), SURE, "applied", _short(turn.text))


@lru_cache(maxsize=8192)
def _moves_a_day(text: str) -> bool:
    return bool(_DAY_MOVES.search(text)) and not _SUPPOSED.search(text)


@lru_cache(maxsize=8192)
def _blocking(text: str) -> tuple[bool, float] | None:
    """Whether these words say that something is blocked, or no longer is, and how certain that is."""
    if _DENIED.search(text):
        return None
    if _CLEARED.search(text):
        return False, SURE
    return (True, SURE) if _BLOCKED.search(text) else (True, UNSURE) if _WAITS.search(text) else None


def _short(text: str) -> str:
    return shorten(text, TITLE_LENGTH, placeholder="…")


def _named(text: str, tickets: Iterable[OpenTicket]) -> list[OpenTicket]:
    return [ticket for ticket in tickets if says(text, ticket.title)]
