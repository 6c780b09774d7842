"""People's say in what happened to a ticket: accept or reject a suggestion, undo and redo a change. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from vori.errors import Conflict
from vori.tickets.model import PERSON, Change, Fields, Ticket, differences, taken_back


def accept(suggestion: Change, ticket: Ticket | None, at: datetime) -> Change:
    """The change that a suggestion becomes, on the ticket as it now stands (None: it opens one).

    It keeps its reason, proof, author and certainty. Raises `Conflict` when it was decided, or is already so.
    """
    _undecided(suggestion)
    after = suggestion.after
    assert after is not None
    if suggestion.kind != "created":
        if ticket is None or ticket.removed_at is not None:
            raise Conflict("The ticket that this is about is gone.", remedy="Reject the suggestion.")
        after = replace(ticket.fields, **differences(suggestion.before, after))
        if after == ticket.fields:
            raise Conflict(f"{ticket.key} is already so.", remedy="Reject the suggestion.")
    elif ticket is not None:
        raise Conflict(f"{ticket.key} was opened already.", remedy="Read the ticket.")
    before = ticket.fields if ticket else None
    return replace(suggestion, before=before, after=after, lane="applied", at=at, decided_by=PERSON, decided_at=at)


def reject(suggestion: Change, at: datetime) -> Change:
    """The suggestion, turned down. Raises `Conflict` when it was decided before."""
    _undecided(suggestion)
    return replace(suggestion, decided_by=PERSON, decided_at=at)


def open_suggestions(changes: Iterable[Change], tickets: dict[UUID, Ticket]) -> list[Change]:
    """Suggestions that wait for a person, without those that have come true or whose ticket is gone."""
    waiting = []
    for change in changes:
        if not change.waits or change.after is None:
            continue
        ticket = tickets.get(change.ticket_id)
        if change.kind != "created":
            if ticket is None or ticket.removed_at is not None:
                continue
            wanted = differences(change.before, change.after)
            if all(getattr(ticket.fields, name) == value for name, value in wanted.items()):
                continue
        waiting.append(change)
    return waiting


def _undecided(suggestion: Change) -> None:
    if not suggestion.waits:
        done = "accepted" if suggestion.lane == "applied" else "rejected"
        raise Conflict(f"This was {done} before.", remedy="The ticket's history tells when.", code="decided")


def undo(ticket: Ticket, history: Sequence[Change], made: UUID, at: datetime, which: UUID | None = None) -> Change:
    """The change that takes back another: what that changed is as before, all else stays.

    `which` is any that stands; left out, it is the latest. Undoing a ticket's creation removes it from the board; its
    history stays, and a replay doesn't open it again. Raises `Conflict` when it is undone already or changed since.
    """
    back = taken_back(history)
    standing = [c for c in history if c.lane == "applied" and c.undoes is None and c.change_id not in back]
    target = next((c for c in reversed(standing) if which in {None, c.change_id}), None)
    if target is None or ticket.removed_at is not None:
        what = (
            f"nothing left to undo on {ticket.key}" if which is None else f"no such change that stands on {ticket.key}"
        )
        raise Conflict(f"There is {what}.", remedy="Its history shows what was done.")
    if target.before is None and which is not None and standing != [target]:
        raise _changed_since(ticket, standing[-1])
    change = _taken_back(target, ticket, made, at)
    return replace(change, kind="undone", after=_restored(ticket, target, history))


def redo(ticket: Ticket, history: Sequence[Change], made: UUID, at: datetime, which: UUID | None = None) -> Change:
    """The change that takes back an undo: what was undone is so again.

    `which` is the undone change; left out, it is the one undone last. Raises `Conflict` as `undo` does.
    """
    back = taken_back(history)
    undos = [c for c in history if c.kind == "undone" and c.change_id not in back]
    target = next((c for c in reversed(undos) if which in {None, c.undoes}), None)
    if target is None:
        raise Conflict(f"There is nothing to redo on {ticket.key}.", remedy="Only what was undone can be.")
    after = target.before if target.after is None else _restored(ticket, target, history)
    return replace(_taken_back(target, ticket, made, at), kind="redone", after=after)


def _restored(ticket: Ticket, target: Change, history: Sequence[Change]) -> Fields | None:
    """The ticket without what `target` did to it."""
    if target.before is None:
        return None
    assert target.after is not None
    did = differences(target.before, target.after)
    lost = [name for name, value in did.items() if name != "rank" and getattr(ticket.fields, name) != value]
    if lost or ticket.removed_at is not None:
        later = [c for c in history if c.lane == "applied" and (c.version or 0) > (target.version or 0)]
        raise _changed_since(ticket, later[-1] if later else target)
    return replace(ticket.fields, **{name: getattr(target.before, name) for name in did})


def _changed_since(ticket: Ticket, by: Change) -> Conflict:
    return Conflict(
        f"{ticket.key} has been changed since, by {by.actor} on {by.at:%Y-%m-%d at %H:%M} UTC.",
        remedy="Undo that first, or change the ticket by hand.",
        code="changed_since",
    )


def _taken_back(target: Change, ticket: Ticket, made: UUID, at: datetime) -> Change:
    return Change(
        change_id=made,
        ticket_id=ticket.ticket_id,
        meeting_id=target.meeting_id,
        kind="undone",
        before=ticket.fields,
        after=None,
        reason="",
        evidence=(),
        actor=PERSON,
        certainty=None,
        lane="applied",
        at=at,
        undoes=target.change_id,
    )


@dataclass(frozen=True, slots=True)
class Left:
    """A change that was not undone, and why."""

    change: Change
    why: str


def undo_meeting(
    meeting_id: UUID,
    tickets: Mapping[UUID, Ticket],
    histories: Mapping[UUID, Sequence[Change]],
    new_id: Callable[[], UUID],
    at: datetime,
) -> tuple[list[Change], list[Left]]:
    """The changes that take back all that VORI did by itself in a meeting, newest first, and what has to stay."""
    made: list[Change] = []
    left: list[Left] = []
    for ticket_id, found in tickets.items():
        ticket = found
        history = list(histories.get(ticket_id, ()))
        back = taken_back(history)
        for change in [*reversed(history)]:
            if change.meeting_id != meeting_id or change.lane != "applied":
                continue
            if change.actor == PERSON or change.change_id in back:
                continue
            if change.decided_at is not None:
                left.append(Left(change, f"{change.decided_by} accepted it"))
                continue
            try:
                undone = undo(ticket, history, new_id(), at, change.change_id)
            except Conflict as error:
                left.append(Left(change, error.message))
                continue
            version = ticket.version + 1
            made.append(undone)
            history.append(replace(undone, version=version))
            ticket = replace(
                ticket,
                fields=undone.after or ticket.fields,
                version=version,
                removed_at=None if undone.after else at,
            )
    return made, left
