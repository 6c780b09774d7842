"""What is done about an extraction now: decided against what exists, so that nothing is opened or moved twice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from vori.events import ReportedTicket, Status
from vori.tickets.alike import known_work, says
from vori.tickets.model import Change, Extraction, Fields, Proposal, Ticket, same_title, taken_back
from vori.tickets.plan import Board, Occasion, Plan, change_id, lately_said, ticket_id
from vori.tickets.update import updates


def reconcile(extraction: Extraction, board: Board, occasion: Occasion) -> Plan:
    """What to do about a (validated) extraction.

    A proposal whose evidence overlaps that of a ticket this meeting opened *is* that ticket: it can only fill in or
    correct its assignee, day and quotes. What was recorded once is never recorded again, whatever became of it.
    """
    created = [change for change in board.changes if change.kind == "created"]
    pairs = _match(extraction.proposals, created)
    recorded = {change.change_id for change in board.changes if not change.waits}
    tickets = [ticket for ticket in board.tickets.values() if ticket.removed_at is None]
    titles = {**board.titles, **{t.ticket_id: t.fields.title for t in tickets if t.fields.status is not Status.DONE}}
    twins: list[UUID] = []
    anchors = {change.ticket_id for change in created}
    closed = {
        same_title(ticket.fields.title)
        for ticket in board.tickets.values()
        if (ticket.removed_at and ticket.ticket_id in anchors)
        or (not ticket.removed_at and ticket.fields.status is Status.DONE)
    }
    plan: list[Change] = []
    kept: set[UUID] = set()
    for index, proposal in enumerate(extraction.proposals):
        known = pairs.get(index)
        if known is not None and known.lane == "applied":
            plan += _refined(proposal, known, board, occasion, recorded)
            continue
        twin = known_work(proposal.title, titles)
        if twin is not None:
            twins.append(twin)
        if twin is not None or same_title(proposal.title) in closed or _refused(proposal, known, board):
            continue
        change = _created(proposal, known, anchors, occasion)
        anchors.add(change.ticket_id)
        titles[change.ticket_id] = proposal.title
        kept.add(change.change_id)
        if known is None or _differs(known, change):
            plan.append(change)
    said = updates(extraction, board, occasion)
    void = [change.change_id for change in created if change.waits and change.change_id not in kept]
    there = board.tickets.keys() | board.titles.keys()
    discussed = dict.fromkeys((*twins, *_named(extraction, board, occasion)))
    return Plan((*plan, *said.changes), (*void, *said.withdrawn), tuple(t for t in discussed if t in there))


def _named(extraction: Extraction, board: Board, occasion: Occasion) -> Iterable[UUID]:
    """The tickets that what was just said is about, as far as one can tell: by key, by title, or as work to be done."""
    just = [quoted for turn, quoted in occasion.quotes.items() if occasion.said is None or turn in occasion.heard]
    for quoted in just:
        keys = set(re.findall(r"(?<![\w-])VORI-\d+(?!\d)", quoted.quote.upper()))
        for ticket in board.tickets.values():
            if ticket.removed_at is None and (ticket.key in keys or says(quoted.quote, ticket.fields.title)):
                yield ticket.ticket_id
    for mention in extraction.mentions:
        if lately_said(mention.evidence_ids, occasion):
            yield UUID(mention.ticket_id)


def _refused(proposal: Proposal, known: Change | None, board: Board) -> bool:
    """Whether a person has refused this: in this meeting for good, elsewhere until somebody is sure of it."""
    if known is not None:
        return known.rejected
    return proposal.lane != "applied" and same_title(proposal.title) in board.refused


def reassign(extraction: Extraction, board: Board, occasion: Occasion) -> Plan:
    """What to do when a voice gets a name: who took on what this meeting opened or suggests is filled in, no more."""
    created = [change for change in board.changes if change.kind == "created"]
    plan: list[Change] = []
    for index, known in _match(extraction.proposals, created).items():
        proposal, ticket = extraction.proposals[index], board.tickets.get(known.ticket_id)
        before = known.after if known.lane != "applied" else ticket.fields if ticket and not ticket.removed_at else None
        if before is None or proposal.assignee in {None, before.assignee} or known.ticket_id in board.handled:
            continue
        if known.rejected:
            continue
        change = replace(
            known,
            after=replace(before, assignee=proposal.assignee),
            reason=proposal.reason,
            evidence=tuple(occasion.quotes[turn] for turn in proposal.evidence_ids),
            at=occasion.at,
            prompt=occasion.prompt_of(proposal.by),
        )
        if known.lane == "applied":
            made = change_id(known.ticket_id, str(occasion.said), "edited")
            change = replace(
                change, change_id=made, kind="edited", before=before, actor=proposal.by or occasion.actor, version=None
            )
        plan.append(change)
    return Plan(tuple(plan), ())


def _match(proposals: Sequence[Proposal], created: Sequence[Change]) -> dict[int, Change]:
    """Which proposal is which ticket already recorded: the most shared evidence first, each at most once."""
    pairs = []
    for index, proposal in enumerate(proposals):
        for place, change in enumerate(created):
            proof = {str(quoted.utterance_id) for quoted in change.evidence}
            shared = len(proof & set(proposal.evidence_ids))
            if shared:
                alike = change.after is not None and same_title(change.after.title) == same_title(proposal.title)
                pairs.append((-alike, -shared, place, index))
    found: dict[int, Change] = {}
    used: set[int] = set()
    for _, _, place, index in sorted(pairs):
        if index not in found and place not in used:
            found[index] = created[place]
            used.add(place)
    return found


def _created(proposal: Proposal, known: Change | None, anchors: set[UUID], occasion: Occasion) -> Change:
    """The change that opens a ticket, or suggests it; `known` is the suggestion that it takes the place of."""
    anchor = proposal.evidence_ids[0]
    nth = 0
    while ticket_id(occasion.meeting_id, anchor, nth) in anchors:
        nth += 1
    ticket = known.ticket_id if known else ticket_id(occasion.meeting_id, anchor, nth)
    return Change(
        change_id=known.change_id if known else change_id(ticket, anchor, "created"),
        ticket_id=ticket,
        meeting_id=occasion.meeting_id,
        kind="created",
        before=None,
        after=Fields(
            proposal.title,
            proposal.content,
            proposal.status,
            proposal.assignee,
            proposal.due,
            proposal.priority,
            proposal.labels,
        ),
        reason=proposal.reason,
        evidence=tuple(occasion.quotes[turn] for turn in proposal.evidence_ids),
        actor=proposal.by or occasion.actor,
        certainty=proposal.certainty,
        lane=proposal.lane,
        at=occasion.at,
        prompt=occasion.prompt_of(proposal.by),
    )


def _differs(known: Change, change: Change) -> bool:
    return (known.after, known.evidence, known.lane) != (change.after, change.evidence, change.lane)


def _refined(
    proposal: Proposal, known: Change, board: Board, occasion: Occasion, recorded: set[UUID]
) -> Iterable[Change]:
    """Later words about a ticket that was opened: they may say who and when, and add their quotes."""
    ticket = board.tickets.get(known.ticket_id)
    if (
        ticket is None
        or ticket.removed_at is not None
        or ticket.ticket_id in board.handled
        or proposal.lane != "applied"
    ):
        return
    proved = {
        str(quoted.utterance_id)
        for change in board.changes
        if change.ticket_id == ticket.ticket_id
        for quoted in change.evidence
    }
    new = [turn for turn in proposal.evidence_ids if turn not in proved]
    after = replace(
        ticket.fields,
        content=proposal.content,
        assignee=proposal.assignee or ticket.fields.assignee,
        due=proposal.due or ticket.fields.due,
    )
    if not new or after == ticket.fields or (made := change_id(ticket.ticket_id, new[-1], "edited")) in recorded:
        return
    yield Change(
        change_id=made,
        ticket_id=ticket.ticket_id,
        meeting_id=occasion.meeting_id,
        kind="edited",
        before=ticket.fields,
        after=after,
        reason=proposal.reason,
        evidence=tuple(occasion.quotes[turn] for turn in new),
        actor=proposal.by or occasion.actor,
        certainty=proposal.certainty,
        lane="applied",
        at=occasion.at,
        prompt=occasion.prompt_of(proposal.by),
    )


def report(tickets: Mapping[UUID, Ticket], changes: Sequence[Change]) -> tuple[ReportedTicket, ...]:
    """What a meeting did to tickets, by number; what was undone since is left out."""
    back = taken_back(changes)
    counted: dict[UUID, list[Change]] = {}
    for change in changes:
        if change.lane == "applied" and change.undoes is None and change.change_id not in back:
            counted.setdefault(change.ticket_id, []).append(change)
    found = []
    for ticket in sorted((tickets[key] for key in counted if key in tickets), key=lambda ticket: ticket.number):
        made = counted[ticket.ticket_id]
        if ticket.removed_at is not None:
            continue
        before = made[0].before
        moved = before is not None and any(change.kind == "moved" for change in made)
        proof = {quoted.utterance_id: quoted for change in made for quoted in change.evidence}
        found.append(
            ReportedTicket(
                ticket=ticket.facts,
                action="created" if before is None else "moved" if moved else "changed",
                from_status=before.status if before is not None and moved else None,
                evidence=tuple(sorted(proof.values(), key=lambda quoted: (quoted.start_ms, quoted.utterance_id))),
            )
        )
    return tuple(found)
