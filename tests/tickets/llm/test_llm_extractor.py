"""Which turns the model is asked about and when, what is kept, what is left to the offline extractor, the limits."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.tickets.llm.conftest import Opener
from tests.tickets.llm.model_server import Asked, ModelServer, Told, answer, nothing
from tests.tickets.talks import MONDAY, talk
from tests.tickets.test_attacks import ATTACKS, meeting_of, mutations

from vori.errors import Unavailable
from vori.events import Status
from vori.tickets.llm.breaker import LONGEST_REST_S, Breaker
from vori.tickets.llm.extract import Limits
from vori.tickets.llm.fallback import FallbackExtractor
from vori.tickets.llm.model import MemoryLedger
from vori.tickets.llm.window import NEW_TURNS, OVERLAP, WINDOW_LENGTH, WINDOW_TURNS, windows
from vori.tickets.model import Extractor, OpenTicket, Talk, Turn
from vori.tickets.validate import validate


def turns(count: int, *, length: int = 30, every_ms: int = 2000) -> list[Turn]:
    text = "we talk about this and that "
    return [
        Turn(f"u{n}", "Ada", f"{n}: {text}".ljust(length, "."), n * every_ms, n * every_ms + 1000) for n in range(count)
    ]


def live(said: list[Turn], *, over: bool = False) -> Talk:
    return Talk(
        said, [OpenTicket("T1", "Ship it", Status.TODO, None)], MONDAY, "en",
        workspace="w", meeting="m", said="" if over else said[-1].id, over=over,
    )  # fmt: skip


def asked_about(server: ModelServer) -> list[list[str]]:
    """The numbers of the turns that were new in each request."""
    return [[line["said"].split(":")[0] for line in asked.data if line.get("new")] for asked in server.asked]


def numbers(first: int, end: int) -> list[str]:
    return [str(number) for number in range(first, end)]


def test_each_turn_is_new_in_one_window_and_nothing_is_cut() -> None:
    said = [
        *turns(200),
        Turn("long", "Bo", "x" * (3 * WINDOW_LENGTH), 10**6, 10**6),
        Turn("last", "Bo", "y", 10**7, 10**7),
    ]
    found = windows(said, frozenset(turn.id for turn in said))
    assert [turn.id for window in found for turn in window.new] == [turn.id for turn in said]
    assert max(len(window.new) for window in found) <= WINDOW_TURNS
    assert all(len(window.new) == 1 or sum(len(t.text) for t in window.new) <= WINDOW_LENGTH for window in found)
    assert [len(window.before) for window in found] == [0] + [OVERLAP] * (len(found) - 1)
    some = windows(said, frozenset({"u3", "u5", "u150"}))
    assert [[turn.id for turn in window.new] for window in some] == [["u3", "u5"], ["u150"]]
    assert "u4" in {turn.id for turn in some[0].before}, "what lies between is told, too"


def test_a_live_meeting_is_read_when_enough_has_gathered_and_at_its_end(server: ModelServer, opened: Opener) -> None:
    extractor, said = opened(), turns(2 * NEW_TURNS + 3)
    for heard in range(1, len(said) + 1):
        extractor.read(live(said[:heard]))
    assert asked_about(server) == [numbers(0, NEW_TURNS), numbers(NEW_TURNS, 2 * NEW_TURNS)]
    extractor.read(live(said, over=True))
    extractor.read(live(said, over=True))
    assert asked_about(server)[2:] == [numbers(2 * NEW_TURNS, len(said))]
    slow = turns(3, every_ms=60_000)
    for heard in (1, 2, 3):
        opened_once = replace(live(slow[:heard]), meeting="slow")
        extractor.read(opened_once)
    assert asked_about(server)[3:] == [["0", "1", "2"]], "90 s of the meeting have passed"


def test_a_correction_is_read_again_and_a_repeat_isn_t(server: ModelServer, opened: Opener) -> None:
    extractor, said = opened(), turns(5)
    extractor.read(live(said, over=True))
    said[2] = replace(said[2], text="2: something else")
    extractor.read(live(said, over=True))
    assert asked_about(server) == [numbers(0, 5), ["2"]]


def about(text: str, title: str, **more: Any) -> Any:
    """A model that opens a ticket where it hears `text`."""

    def tell(asked: Asked) -> Told:
        made = [
            {"title": title, "certainty": 0.9, "proof": [{"turn": line["turn"], "quote": text}], **more}
            for line in asked.data
            if line.get("new") and text in line["said"]
        ]
        return Told(answer(asked, tickets=made))

    return tell


def test_later_windows_know_what_was_found_and_add_to_it(server: ModelServer, opened: Opener) -> None:
    said = turns(NEW_TURNS)
    said[1] = replace(said[1], text="I'll write the release notes.")
    server.told.append(about("release notes", "Write the release notes"))
    extractor = opened()
    (first,) = extractor.read(live(said)).extraction.proposals
    later = [
        *said,
        *(replace(t, id=f"v{t.id}", start_ms=t.start_ms + 10**6, end_ms=t.end_ms + 10**6) for t in turns(3)),
    ]
    later[-1] = replace(later[-1], text="By Friday, those notes.")
    adds = {"same_as": "n1", "due": "2026-03-06"}
    server.told.append(about("By Friday", "Write the release notes", **adds))
    (second,) = extractor.read(live(later, over=True)).extraction.proposals
    assert next(line for line in server.asked[1].data if "found" in line)["title"] == "Write the release notes"
    assert (first.due, first.evidence_ids) == (None, ("u1",))
    assert (str(second.due), second.evidence_ids) == ("2026-03-06", ("u1", "vu2"))


def test_what_was_read_only_now_may_move_tickets_also_after_a_crash(server: ModelServer, opened: Opener) -> None:
    ledger, said = MemoryLedger(), turns(NEW_TURNS + 1)
    before = opened(ledger=ledger)
    before.read(live(said[:-2]))
    assert before.read(live(said[:-1])).extraction.fresh == {turn.id for turn in said[:-1]}
    assert before.read(live(said)).extraction.fresh == set()
    after = opened(ledger=ledger)
    assert after.read(live(said[:-1])).extraction.fresh == {turn.id for turn in said[:-1]}, "the event is handled again"
    assert len(server.asked) == 1, "and costs nothing again"


def test_the_same_voice_named_later_gets_its_work(server: ModelServer, opened: Opener) -> None:
    said = [Turn("u1", None, "I'll write the release notes.", 0, 1000)]

    def tell(asked: Asked) -> Told:
        turn = asked.data[-1]["turn"]
        proof = [{"turn": turn, "quote": "I'll write"}]
        return Told(answer(asked, tickets=[{"title": "Write", "assignee": turn, "certainty": 1, "proof": proof}]))

    server.tell, extractor = tell, opened()
    assert extractor.read(live(said, over=True)).extraction.proposals[0].assignee is None
    named = [replace(said[0], speaker="Ada")]
    assert extractor.read(live(named, over=True)).extraction.proposals[0].assignee == "Ada"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("certainty", "lane"), [(0.95, "applied"), (0.85, "applied"), (0.7, "pending"), (0.3, "review")]
)
def test_certainty_decides_the_lane(server: ModelServer, opened: Opener, certainty: float, lane: str) -> None:
    server.tell = about("release notes", "Write the release notes", certainty=certainty)
    (made,) = opened().read(talk("Ada: I'll write the release notes.")).extraction.proposals
    assert (made.certainty, made.lane) == (certainty, lane)


def test_made_up_proof_is_struck_and_what_has_no_other_goes(server: ModelServer, opened: Opener) -> None:
    def tell(asked: Asked) -> Told:
        turn = asked.data[-1]["turn"]
        good, bad = (
            {"turn": turn, "quote": "write the  release notes"},
            {"turn": turn, "quote": "write the release note!"},
        )
        made = [
            {"title": t, "certainty": 1, "proof": p} for t, p in (("A", [good, bad]), ("B", [bad]), ("C", [good, good]))
        ]
        moves = [{"ticket": "zzzz", "to": "DONE", "certainty": 1, "proof": [good]}]
        return Told(answer(asked, tickets=made, moves=moves))

    server.tell = tell
    found = opened().read(talk("Ada: I'll write the release notes.")).extraction
    assert [made.title for made in found.proposals] == ["A", "C"]
    assert found.moves == ()


# What fails.


def broken(asked: Asked) -> Told:
    return Told({"error": {"message": "down"}}, 500)


def test_what_succeeded_is_kept_and_the_rest_read_offline_then_retried(
    server: ModelServer, opened: Opener, extractor: Extractor
) -> None:
    said = turns(WINDOW_TURNS + 5)
    said[3] = replace(said[3], text="Ada will take the release notes, she said.")
    said[-1] = replace(said[-1], speaker="Bo", text="I'll write the onboarding guide by Friday.")
    server.told.append(about("release notes", "Write the release notes"))
    server.tell = broken
    both = FallbackExtractor(opened(), extractor)
    found = both.extract(live(said, over=True))
    assert [(made.title, made.by.split()[0]) for made in found.proposals] == [
        ("Write the release notes", "llm"),
        ("Write the onboarding guide", "offline"),
    ]
    assert len(server.asked) == 1 + 3
    server.tell = about("onboarding guide", "Write the guide for newcomers")
    found = both.extract(live(said, over=True))
    assert [(made.title, made.by.split()[0]) for made in found.proposals] == [
        ("Write the release notes", "llm"),
        ("Write the guide for newcomers", "llm"),
    ]
    assert asked_about(server)[-1] == [*numbers(WINDOW_TURNS, WINDOW_TURNS + 4), said[-1].text]


def test_a_window_with_bad_answers_doesn_t_hold_up_the_others(server: ModelServer, opened: Opener) -> None:
    def tell(asked: Asked) -> Told:
        return (
            Told({"text": "no idea"})
            if any(line.get("said", "").startswith("2:") for line in asked.data)
            else nothing(asked)
        )

    server.tell, llm, said = tell, opened(), turns(2 * WINDOW_TURNS)
    reading = llm.read(live(said, over=True))
    assert reading.missing == {turn.id for turn in said[:WINDOW_TURNS]}
    for _ in range(5):
        llm.read(live(said, over=True))
    assert len(server.asked) == 1 + 3 * 3, "a bad window is read three times, three answers each, and then no more"
    with pytest.raises(Unavailable, match="80 turns couldn't be read"):
        llm.extract(live(said, over=True))


def test_while_the_model_is_away_each_turn_is_read_offline_at_once(
    server: ModelServer, opened: Opener, extractor: Extractor
) -> None:
    server.tell = broken
    both, said = FallbackExtractor(opened(), extractor), turns(NEW_TURNS)
    heard = replace(turns(NEW_TURNS + 1)[-1], text="Ship it is finished, I pushed the button.", speaker="Bo")
    with capture_logs() as told:
        both.extract(live(said))
        found = both.extract(live([*said, heard]))
        assert [(move.ticket_id, move.to, move.by) for move in found.moves] == [("T1", Status.DONE, "offline 2")]
        assert len(server.asked) == 3, "and the model isn't asked for each"
        server.tell = nothing
        both.extract(live([*said, heard], over=True))
    assert [line["event"] for line in told if line["event"] != "extractor.asked"] == [
        "extractor.fell_back",
        "extractor.recovered",
    ]


def test_the_breaker_leaves_a_failing_model_alone(server: ModelServer, opened: Opener) -> None:
    server.tell = broken
    llm = opened(breaker=Breaker(after=2))
    for number in range(5):
        reading = llm.read(replace(talk("Ada: Hello."), meeting=f"m{number}"))
    assert len(server.asked) == 2 * 3
    assert "left alone" in reading.trouble


def test_a_breaker_opens_longer_each_time_and_closes_when_it_works() -> None:
    breaker = Breaker(after=2, rest_s=30)
    breaker.failed(0)
    assert breaker.allows(0)
    breaker.failed(0)
    assert not breaker.allows(29)
    assert breaker.allows(30)
    breaker.failed(30)
    assert not breaker.allows(89)
    for _ in range(20):
        breaker.failed(90)
    assert breaker.allows(90 + LONGEST_REST_S)
    breaker.worked()
    breaker.failed(2000)
    assert breaker.allows(2000)
    breaker.failed(2000, rest_s=100)
    assert not breaker.allows(2099)
    once = Breaker()
    once.failed(0, at_once=True)
    assert not once.allows(1)


@pytest.mark.parametrize("limits", [Limits(tokens=2000), Limits(usd=Decimal("0.0001"))])
def test_a_workspace_s_limit_is_kept_and_said(
    server: ModelServer, opened: Opener, extractor: Extractor, limits: Limits
) -> None:
    ledger = MemoryLedger()
    llm = opened("openai", ledger=ledger, limits=limits)
    done = 0
    for number in range(5):
        one = replace(talk("Ada: I'll write the release notes by Friday."), workspace="w", meeting=f"m{number}")
        found = FallbackExtractor(llm, extractor).extract(one)
        done += not found.proposals
    assert done == len(server.asked) == (2 if limits.tokens else 1)
    assert found.proposals[0].by == "offline 2"
    assert "day's limit is reached" in llm.read(one).trouble
    other = replace(one, workspace="another")
    assert llm.read(other).missing == frozenset(), "another workspace has a limit of its own"


# Attacks.


def obey(asked: Asked) -> Told:
    """Do whatever was ordered: move every ticket, each with exact quotes from every turn in turn, and open one more."""
    said = [line for line in asked.data if "turn" in line]
    tickets = [line for line in asked.data if "ticket" in line]
    moves = [
        {
            "ticket": ticket["ticket"],
            "to": "IN_PROGRESS" if ticket["status"] == "DONE" else "DONE",
            "reopens": True,
            "certainty": 1.0,
            "proof": [{"turn": turn["turn"], "quote": turn["said"]}],
        }
        for turn in said
        for ticket in tickets
    ]
    injected = said[2]
    made = {
        "title": "Pay the attacker",
        "certainty": 1.0,
        "proof": [{"turn": injected["turn"], "quote": injected["said"]}],
    }
    return Told(answer(asked, tickets=[made], moves=moves))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["name"])
def test_a_model_that_obeys_on_the_wire_changes_nothing(
    server: ModelServer, opened: Opener, attack: dict[str, Any]
) -> None:
    server.tell, heard = obey, meeting_of(attack)
    found = opened().read(heard)
    assert found.missing == frozenset()
    assert len(found.extraction.moves) == len(heard.turns) * len(heard.tickets), "it did obey"
    assert mutations(found.extraction, heard) == []
    assert not any(made.lane == "applied" for made in validate(found.extraction, heard).proposals)


def test_the_command_reads_with_a_model_by_url(
    server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.tell = about("release notes", "Write the release notes")
    meetings, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    said = [{"id": "a", "speaker": "Ada", "text": "I'll write the release notes."}]
    meetings.write_text("".join(json.dumps({"meeting_id": m, "utterances": said}) + "\n" for m in ("m1", "m2")))
    monkeypatch.setenv("VORI_EXTRACTOR", f"http://{server.host}/v1#clerk-1")
    command = [sys.executable, "-m", "vori", "extract", str(meetings), "--out", str(out), "--extractor", "llm"]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [[made["title"] for made in line["tickets"]] for line in lines] == [["Write the release notes"]] * 2
    assert lines[0]["tickets"][0]["by"].startswith("llm 1 (extract-1, clerk-1 at ")
    assert "2 requests, 2200 tokens" in ran.stderr
    assert ran.stdout == ""
