"""Nothing is opened twice; later words refine; a person's word stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.tickets.world import MEETING, NOW, World, move, occasion, open_ticket, proposal, suggested, turns

from vori.errors import Conflict
from vori.events import Status
from vori.tickets.history.model import accept, open_suggestions, reject, undo
from vori.tickets.model import PERSON, Change, Extraction, same_title
from vori.tickets.plan import Board, Plan, as_found
from vori.tickets.reconcile import reconcile, report


def test_a_ticket_is_opened_once_however_often_it_is_proposed() -> None:
    world = World()
    first = world.hear(0, proposal("문서 작성", 0))
    assert [change.kind for change in first.changes] == ["created"]
    assert world.hear(1, proposal("문서 작성", 0)) == Plan((), ())
    again = World()
    assert again.hear(3, proposal("문서 작성", 0)).changes[0].change_id == first.changes[0].change_id


def test_later_words_refine_the_ticket_instead_of_opening_another() -> None:
    world = World()
    world.hear(1, proposal("문서 작성", 1))
    plan = world.hear(2, proposal("API 문서 작성", 0, 1, 2, assignee="민수", due=date(2026, 3, 6)))
    assert [change.kind for change in plan.changes] == ["edited"]
    (ticket,) = world.tickets.values()
    assert (ticket.fields.assignee, ticket.fields.due) == ("민수", date(2026, 3, 6))
    assert world.hear(3, proposal("API 문서 작성", 0, 1, 2, assignee="민수", due=date(2026, 3, 6))).changes == ()


def test_without_new_words_nothing_is_refined() -> None:
    world = World()
    world.hear(0, proposal("문서 작성", 0, 1, assignee="민수"))
    assert world.hear(2, proposal("문서 작성", 0, 1, assignee="지민")).changes == ()


def test_a_day_is_not_taken_away_by_silence_about_it() -> None:
    world = World()
    world.hear(0, proposal("문서 작성", 0, assignee="민수", due=date(2026, 3, 6)))
    world.hear(1, proposal("문서 작성", 0, 1))
    (ticket,) = world.tickets.values()
    assert (ticket.fields.assignee, ticket.fields.due) == ("민수", date(2026, 3, 6))


def test_two_tickets_may_rest_on_one_turn() -> None:
    world = World()
    both = (proposal("문서 작성", 0, 1), proposal("메일 발송", 0, 2))
    assert len(world.hear(2, *both).changes) == 2
    assert world.hear(3, *both).changes == ()
    assert len({change.ticket_id for change in world.changes}) == 2


def test_a_title_that_stands_on_the_board_is_not_opened_again() -> None:
    world = World(open_ticket("문서 작성"))
    assert world.hear(0, proposal("문서작성", 0)).changes == ()


def test_a_suggestion_is_kept_apart_refined_applied_or_withdrawn() -> None:
    world = World()
    unsure = replace(proposal("문서 작성", 0), lane="pending")
    world.hear(0, unsure)
    assert (world.titles(), [change.lane for change in world.changes]) == ([], ["pending"])
    assert world.hear(1, unsure).changes == ()
    world.hear(1, proposal("문서 작성", 0, 1))
    assert (world.titles(), [change.lane for change in world.changes]) == (["문서 작성"], ["applied"])
    world.hear(2, proposal("문서 작성", 0, 1), replace(proposal("메일 발송", 2), lane="review"))
    assert len(world.changes) == 2
    assert len(world.hear(3, proposal("문서 작성", 0, 1)).withdrawn) == 1
    assert [change.lane for change in world.changes] == ["applied"]


def test_a_ticket_that_a_person_has_changed_is_not_refined() -> None:
    world = World()
    world.hear(0, proposal("문서 작성", 0))
    world.handled = frozenset(world.tickets)
    assert world.hear(1, proposal("문서 작성", 0, 1, assignee="민수")).changes == ()


def test_undoing_goes_back_step_by_step_to_nothing() -> None:
    world = World()
    world.hear(0, proposal("문서 작성", 0))
    (key,) = world.tickets
    moved = replace(world.tickets[key].fields, status=Status.DONE)
    by_hand = Change(
        UUID(int=5), key, None, "moved", world.tickets[key].fields, moved, "", (), PERSON, None, "applied", NOW
    )
    world.take(by_hand)
    world.take(undo(world.tickets[key], world.changes, UUID(int=6), NOW))
    assert world.tickets[key].fields.status is Status.TODO
    world.take(undo(world.tickets[key], world.changes, UUID(int=7), NOW))
    assert world.titles() == []
    with pytest.raises(Conflict):
        undo(world.tickets[key], world.changes, UUID(int=8), NOW)
    assert world.hear(1, proposal("문서 작성", 0, 1)).changes == (), "a replay doesn't open it again"


def test_an_undo_leaves_alone_what_changed_since() -> None:
    ticket = open_ticket()
    moved = Change(
        UUID(int=5), ticket.ticket_id, MEETING, "moved", ticket.fields,
        replace(ticket.fields, status=Status.DONE), "", (), "offline 1", 0.9, "applied", NOW,
    )  # fmt: skip
    now = replace(ticket, fields=replace(ticket.fields, status=Status.DONE, title="새 이름"))
    taken_back = undo(now, [moved], UUID(int=6), NOW)
    assert taken_back.after == replace(ticket.fields, title="새 이름")
    assert taken_back.undoes == moved.change_id


def test_the_extractor_sees_tickets_as_the_meeting_found_them() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, proposal("문서 작성", 0), moves=[move(ticket, Status.IN_PROGRESS, 0)])
    (found,) = as_found(world.tickets.values(), world.changes)
    assert (found.title, found.status) == ("로그인 구현", Status.TODO)


def test_the_report_lists_what_stands() -> None:
    ticket, other = open_ticket(), open_ticket("배포 자동화", Status.IN_PROGRESS)
    world = World(ticket, other)
    world.hear(1, proposal("문서 작성", 0, 1), moves=[move(ticket, Status.DONE, 1), move(other, Status.DONE, 1)])
    history = [change for change in world.changes if change.ticket_id == other.ticket_id]
    world.take(undo(world.tickets[other.ticket_id], history, UUID(int=6), NOW))
    told = {item.ticket.title: item for item in report(world.tickets, world.changes)}
    assert set(told) == {"로그인 구현", "문서 작성"}
    assert (told["로그인 구현"].action, told["로그인 구현"].from_status) == ("moved", Status.TODO)
    assert (told["문서 작성"].action, told["문서 작성"].from_status) == ("created", None)
    assert [quoted.quote for quoted in told["문서 작성"].evidence] == ["말 0", "말 1"]


def test_an_accepted_suggestion_is_applied_with_its_proof_and_who_accepted_it() -> None:
    ticket = open_ticket()
    world = World(ticket)
    unsure = replace(proposal("문서 작성", 0), lane="pending")
    world.hear(1, unsure, moves=[replace(move(ticket, Status.DONE, 1), lane="review")])
    opened = accept(suggested(world), None, NOW)
    assert (opened.lane, opened.decided_by, opened.decided_at, opened.actor) == ("applied", PERSON, NOW, "offline 1")
    world.take(opened)
    renamed = replace(ticket, fields=replace(ticket.fields, title="새 이름"))
    world.tickets[ticket.ticket_id] = renamed
    moved = accept(suggested(world, "review"), renamed, NOW)
    assert moved.before == renamed.fields
    assert moved.after == replace(renamed.fields, status=Status.DONE)
    world.take(moved)
    with pytest.raises(Conflict, match="accepted before"):
        accept(world.changes[-1], world.tickets[ticket.ticket_id], NOW)
    again = [replace(move(ticket, Status.DONE, 1), lane="review")]
    assert world.hear(1, unsure, moves=again) == Plan((), ())


def test_what_has_come_true_or_is_gone_can_t_be_accepted_and_no_longer_waits() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[replace(move(ticket, Status.DONE, 0), lane="pending")])
    assert open_suggestions(world.changes, world.tickets) == world.changes
    done = replace(ticket, fields=replace(ticket.fields, status=Status.DONE))
    for now in (done, replace(ticket, removed_at=NOW)):
        with pytest.raises(Conflict):
            accept(suggested(world), now, NOW)
        assert open_suggestions(world.changes, {ticket.ticket_id: now}) == []


def test_what_was_rejected_is_never_suggested_again_and_stays_in_the_history() -> None:
    ticket = open_ticket()
    world = World(ticket)
    unsure = replace(proposal("문서 작성", 0), lane="pending")
    wavering = [replace(move(ticket, Status.DONE, 0), lane="pending")]
    world.hear(0, unsure, moves=wavering)
    for change in tuple(world.changes):
        world.take(reject(change, NOW))
    rejected = tuple(world.changes)
    assert {change.rejected for change in rejected} == {True}
    later = [replace(move(ticket, Status.DONE, 1), lane=lane) for lane in ("pending", "applied")]
    assert world.hear(1, replace(unsure, evidence_ids=turns(0, 1)), moves=later) == Plan((), ())
    assert world.hear(1, proposal("문서 작성", 0, 1)) == Plan((), ()), "however sure it has become"
    assert world.hear(2) == Plan((), ()), "and it isn't withdrawn"
    with pytest.raises(Conflict, match="rejected before"):
        accept(rejected[0], None, NOW)


def test_another_meeting_doesn_t_suggest_what_was_refused_but_opens_what_is_sure() -> None:
    board = Board({}, (), refused=frozenset({same_title("문서 작성")}))
    unsure = Extraction((replace(proposal("문서 작성", 0), lane="pending"),))
    assert reconcile(unsure, board, occasion(0)).changes == ()
    assert len(reconcile(Extraction((proposal("문서 작성", 0),)), board, occasion(0)).changes) == 1


def test_what_is_opened_again_is_the_ticket_that_there_is_and_is_discussed() -> None:
    ticket, far = open_ticket("문서 작성"), UUID(int=77)
    board = Board({ticket.ticket_id: ticket}, (), titles={far: "Write the release notes"})
    said = Extraction((proposal("문서 작성을", 0), proposal("write release note", 1), proposal("메일 발송", 2)))
    plan = reconcile(said, board, occasion(2))
    assert [change.after and change.after.title for change in plan.changes] == ["메일 발송"]
    assert plan.discussed == (ticket.ticket_id, far)


def test_one_meeting_opens_the_same_work_once_however_it_is_called() -> None:
    world = World()
    world.hear(1, proposal("문서 작성", 0), proposal("문서 작성하기", 1))
    assert world.titles() == ["문서 작성"]
    world.hear(2, proposal("문서 작성", 0), proposal("문서를 작성", 2))
    assert world.titles() == ["문서 작성"]


def test_work_that_is_finished_is_not_opened_again() -> None:
    done = open_ticket("문서 작성", Status.DONE)
    assert World(done).hear(0, proposal("문서 작성", 0)).changes == ()


@pytest.mark.parametrize("words", ["vori-1은 그대로예요", "로그인 구현은 그대로 갑니다", "VORI-1, same as last week."])
def test_a_ticket_named_by_key_or_title_is_discussed(words: str) -> None:
    ticket = replace(open_ticket("로그인 구현"), number=1)
    other = replace(open_ticket("문서 작성"), number=12)
    board = Board({t.ticket_id: t for t in (ticket, other)}, ())
    heard = occasion(0)
    said = replace(heard, quotes={turns(0)[0]: heard.quotes[turns(0)[0]].model_copy(update={"quote": words})})
    assert reconcile(Extraction(), board, said).discussed == (ticket.ticket_id,)
