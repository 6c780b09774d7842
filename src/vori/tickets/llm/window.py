"""A talk in windows: when enough has gathered, what a window tells a model, what of its answer holds. Pure: no I/O."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vori.tickets.llm.model import Answer, NewTicket, Proof, Settled, Span, StatusMove
from vori.tickets.model import Talk, Turn, same_title

NEW_TURNS = 12
NEW_MS = 90_000
"""A live meeting is read on when so many turns, or turns over so much of its time, have gathered."""
WINDOW_TURNS = 80
WINDOW_LENGTH = 8000
"""Turns and characters read at once; a turn that is longer is read alone, and whole."""
OVERLAP = 12
"""Turns before a window that are told with it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Turns told at once: some that were read before, for their sense, and those that are new."""

    before: tuple[Turn, ...]
    new: tuple[Turn, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(sorted((*self.before, *self.new), key=lambda turn: (turn.start_ms, turn.id)))


def mark(turn: Turn) -> str:
    """What tells a turn's words from those it has after a correction."""
    return hashlib.blake2b(turn.text.encode(), digest_size=6).hexdigest()


def due(talk: Talk, new: Sequence[Turn]) -> bool:
    """Whether enough has gathered to be read."""
    if not new or talk.over:
        return bool(new)
    return len(new) >= NEW_TURNS or new[-1].end_ms - new[0].start_ms >= NEW_MS


def windows(turns: Sequence[Turn], new: frozenset[str]) -> list[Window]:
    """All new turns, each in one window, with the turns just before."""
    found: list[Window] = []
    begun: list[int] = []
    length = 0
    for place, turn in enumerate(turns):
        if turn.id not in new:
            continue
        full = len(begun) == WINDOW_TURNS or length + len(turn.text) > WINDOW_LENGTH
        if begun and (full or place - begun[-1] > OVERLAP):
            found.append(_window(turns, begun))
            begun, length = [], 0
        begun.append(place)
        length += len(turn.text)
    return [*found, _window(turns, begun)] if begun else found


def _window(turns: Sequence[Turn], new: Sequence[int]) -> Window:
    told = range(max(0, new[0] - OVERLAP), new[-1] + 1)
    return Window(tuple(turns[at] for at in told if at not in new), tuple(turns[at] for at in new))


def halves(window: Window) -> tuple[Window, Window]:
    """The same in two windows, the second with the end of the first before it."""
    middle = len(window.new) // 2
    first, second = window.new[:middle], window.new[middle:]
    return Window(window.before, first), Window((*window.before, *first)[-OVERLAP:], second)


class Codes:
    """Short opaque ids in the place of true ones, different in each window, so that nobody can guess or say them."""

    def __init__(self, secret: str, turns: Iterable[str], tickets: Iterable[str]) -> None:
        self.turn: dict[str, str] = {}
        """By true id; `turn_of` the other way round."""
        self.ticket: dict[str, str] = {}
        used: set[str] = set()
        for kind, codes, ids in (("turn", self.turn, turns), ("ticket", self.ticket, tickets)):
            for true in ids:
                salt = 0
                while (code := _spell(f"{secret}:{kind}:{true}:{salt}")) in used:
                    salt += 1
                used.add(code)
                codes[true] = code
        self.turn_of = {code: true for true, code in self.turn.items()}
        self.ticket_of = {code: true for true, code in self.ticket.items()}


def _spell(text: str) -> str:
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
    return "".join("bcdfghjkmnpqrstvwxyz23456789"[number // 28**at % 28] for at in range(4))


def question(talk: Talk, window: Window, found: Answer, codes: Codes) -> str:
    """The window as data: JSON on lines, in which nothing that was said or typed can end the data."""
    meeting = {"day": f"{talk.date:%Y-%m-%d %A}", "people": talk.callings()}
    new = {turn.id for turn in window.new}
    lines = ["<data>", _line(meeting)]
    lines += (
        _line({"ticket": codes.ticket[t.id], "title": t.title, "status": t.status, "assignee": t.assignee})
        for t in talk.tickets
    )
    lines += (
        _line({"found": f"n{number}", "title": t.title, "assignee": t.assignee, "due": t.due and str(t.due)})
        for number, t in enumerate(found.tickets, 1)
    )
    lines += (
        _line({"moved": codes.ticket[move.ticket], "to": move.to})
        for move in found.moves
        if move.ticket in codes.ticket
    )
    lines += (
        _line({"turn": codes.turn[t.id], "new": t.id in new, "speaker": t.speaker, "said": t.text})
        for t in window.turns
    )
    return "\n".join([*lines, "</data>"])


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def complaint(answer: Answer, window: Window, codes: Codes) -> str:
    """What the model must mend before its answer is of use."""
    turns = window.turns
    if (codes.turn_of.get(answer.read.first), codes.turn_of.get(answer.read.last)) != (turns[0].id, turns[-1].id):
        return "`read` must hold the ids of the first and the last turn in the data, exactly as they stand there."
    proofs = [
        *(proof for made in answer.tickets for proof in made.proof),
        *(proof for move in answer.moves for proof in move.proof),
        *(proof for made in answer.decisions for proof in made.proof),
    ]
    wrong = [proof for proof in proofs if not _proved(proof, window, codes)]
    if len(wrong) * 2 > len(proofs):
        return f"Quotes must be copied exactly from the turn whose id stands with them. Wrong: {wrong[0].quote[:80]!r}"
    return ""


def checked(answer: Answer, window: Window, codes: Codes) -> Answer:
    """The answer in true ids. Quotes that aren't there are struck; what has no other proof, or nothing new, goes."""
    new = {turn.id for turn in window.new}

    def proved(item: NewTicket | StatusMove | Settled) -> tuple[Proof, ...]:
        proof = tuple(
            Proof(turn=codes.turn_of[told.turn], quote=told.quote)
            for told in item.proof
            if _proved(told, window, codes)
        )
        return proof if any(told.turn in new for told in proof) else ()

    return Answer(
        read=Span(first=codes.turn_of[answer.read.first], last=codes.turn_of[answer.read.last]),
        tickets=tuple(
            made.model_copy(update={"proof": proof, "assignee": codes.turn_of.get(made.assignee or "", made.assignee)})
            for made in answer.tickets
            if (proof := proved(made))
        ),
        moves=tuple(
            move.model_copy(update={"proof": proof, "ticket": codes.ticket_of[move.ticket]})
            for move in answer.moves
            if move.ticket in codes.ticket_of and (proof := proved(move))
        ),
        decisions=tuple(
            made.model_copy(update={"proof": proof}) for made in answer.decisions if (proof := proved(made))
        ),
    )


def _proved(proof: Proof, window: Window, codes: Codes) -> bool:
    said = {turn.id: turn.text for turn in window.turns}.get(codes.turn_of.get(proof.turn, ""), "")
    return bool(proof.quote.strip()) and _plain(proof.quote) in _plain(said)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def together(found: Answer, answer: Answer) -> Answer:
    """What has been found so far, with what a further window adds to it."""
    tickets = list(found.tickets)
    for made in answer.tickets:
        at = next((n for n, known in enumerate(tickets) if _same(known, made, n)), None)
        if at is None:
            tickets.append(made)
            continue
        known = tickets[at]
        tickets[at] = known.model_copy(
            update={
                "content": "\n".join(dict.fromkeys(text for text in (known.content, made.content) if text)),
                "assignee": made.assignee or known.assignee,
                "due": made.due or known.due,
                "proof": tuple(dict.fromkeys((*known.proof, *made.proof))),
                "certainty": max(known.certainty, made.certainty),
                "reason": known.reason or made.reason,
            }
        )
    return Answer(
        read=answer.read,
        tickets=tuple(tickets),
        moves=(*found.moves, *answer.moves),
        decisions=tuple({same_title(made.text): made for made in (*found.decisions, *answer.decisions)}.values()),
    )


def _same(known: NewTicket, made: NewTicket, place: int) -> bool:
    return made.same_as == f"n{place + 1}" or same_title(known.title) == same_title(made.title)


NOTHING = Answer(read=Span(first="", last=""))
