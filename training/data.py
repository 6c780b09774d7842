"""The labelled meetings, as the extractor sees them and as their writers labelled them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.events import Language, Status
from vori.tickets.model import OpenTicket, Talk, Turn
from vori.tickets.names import known_person
from vori.tickets.offline.called import is_named
from vori.tickets.offline.heads import HEADS, WHOSE

EVIDENCE = ("task", "owner", "accept", "deadline", "detail")
OF_NO_TICKET = 0.2
"""What a turn of no ticket counts for telling whose a ticket is."""
FOLDER = Path(__file__).parent / "meetings"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A talk with its labels: `gold` is the line of the file."""

    name: str
    language: Language
    talk: Talk
    gold: Mapping[str, Any]

    def place(self, utterance: str) -> int:
        return next(i for i, turn in enumerate(self.talk.turns) if turn.id == utterance)


def read(path: Path) -> Iterator[Meeting]:
    for line in path.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        yield Meeting(
            name=gold["meeting_id"],
            language=gold["lang"],
            gold=gold,
            talk=Talk(
                turns=[
                    Turn(u["id"], u.get("speaker"), u["text"], round(u.get("start", 0) * 1000), 0)
                    for u in gold["utterances"]
                ],
                tickets=[
                    OpenTicket(t["id"], t["title"], Status(t["status"]), t.get("assignee"))
                    for t in gold.get("existing_tickets", [])
                ],
                date=date.fromisoformat(gold["date"]),
                language=gold["lang"],
            ),
        )


def meetings() -> list[Meeting]:
    return [meeting for language in ("en", "ko") for meeting in read(FOLDER / f"{language}.jsonl")]


def real_talk() -> list[Meeting]:
    """Pieces of real meetings, labelled only with the actions that their summaries list; see the README."""
    return list(read(FOLDER / "ami_en.jsonl"))


def anchor(roles: Mapping[str, Sequence[str]], at: Mapping[str, int]) -> str:
    """The turn that settles a ticket: the last that takes it on, else the last that names it."""
    for wanted in ({"owner", "accept"}, {"task"}, set(EVIDENCE)):
        if found := [utterance for utterance, told in roles.items() if wanted & set(told)]:
            return max(found, key=lambda utterance: at[utterance])
    raise ValueError("a ticket without evidence")


def labels(meeting: Meeting) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(turns, heads): what each turn is, and how much that label counts.

    The first writers gave a turn its main role alone: whether it has another isn't known, and counts nothing.
    """
    gold = meeting.gold
    at = {turn.id: i for i, turn in enumerate(meeting.talk.turns)}
    head = {name: k for k, name in enumerate(HEADS)}
    answers = np.zeros((len(at), len(HEADS)), np.float32)
    weights = np.ones_like(answers)
    weights[:, [head[name] for name in WHOSE]] = OF_NO_TICKET
    for ticket in gold["tickets"]:
        roles = ticket.get("evidence_all_roles") or {u: [role] for u, role in ticket["evidence_roles"].items()}
        for utterance, told in roles.items():
            answers[at[utterance], [head[role] for role in (*told, "evidence")]] = 1
            if "evidence_all_roles" not in ticket:
                weights[at[utterance], [head[role] for role in EVIDENCE if role not in told]] = 0
        answers[at[anchor(roles, at)], head["anchor"]] = 1
        for place, whose in _whose(meeting, ticket, roles, at).items():
            weights[place, [head[name] for name in WHOSE]] = 1
            answers[place, [head[name] for name in whose]] = 1
    for change in gold["status_changes"]:
        for utterance, role in change["evidence_roles"].items():
            answers[at[utterance], head[role]] = 1
            if role == "report" and change["kind"] in {"reopen", "back"}:
                answers[at[utterance], head[change["kind"]]] = 1
    for claim in gold["claims"]:
        answers[at[claim["utterance_id"]], [head["claim"], head[f"claim_{claim['state']}"]]] = 1
    for decision in gold["decisions"]:
        answers[[at[utterance] for utterance in decision["evidence_ids"]], head["decision"]] = 1
    for trap in gold["traps"]:
        if trap["kind"] != "injection":
            answers[at[trap["utterance_id"]], head[f"trap_{trap['kind']}"]] = 1
    return answers, weights


def _whose(
    meeting: Meeting, ticket: Mapping[str, Any], roles: Mapping[str, Sequence[str]], at: Mapping[str, int]
) -> Mapping[int, Sequence[str]]:
    """For each turn of a ticket, what it says of whose it is (heads of `WHOSE`)."""
    turns = meeting.talk.turns
    owner = known_person(ticket["assignee"], meeting.talk.everyone()) or ticket["assignee"]
    found: dict[int, list[str]] = {}
    for utterance, told in roles.items():
        i = at[utterance]
        after = turns[i + 1] if i + 1 < len(turns) else None
        answered = after and after.speaker == owner and {"owner", "accept"} & set(roles.get(after.id, ()))
        found[i] = []
        if not owner:
            found[i] += ["nobodys"] if {"owner", "detail", "task"} & set(told) else []
        elif turns[i].speaker == owner:
            found[i].append("mine")
        elif "owner" in told or answered or (owner in meeting.talk.everyone() and is_named(owner, turns[i].text)):
            found[i].append("yours")
    return found
