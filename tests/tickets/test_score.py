"""The table that `make score` prints, and where it is written."""

from __future__ import annotations

from pathlib import Path

from score import BEGIN, END, SPONTANEOUS, figures_of, lines_of, number, table, write_into

MEETING = {
    "meeting_id": "m",
    "existing_tickets": [{"id": "T1", "title": "Old work", "status": "TODO", "assignee": None}],
    "tickets": [
        {"id": "G1", "title": "Order paint", "assignee": "Ana", "due": None, "status": "TODO", "evidence_ids": ["u1"]}
    ],
    "status_changes": [],
    "decisions": [],
    "traps": [],
}
FOUND = {
    "meeting_id": "m",
    "tickets": [
        {"title": "Something else", "assignee": "Ana", "due": None, "evidence_ids": ["u1"], "lane": "applied"},
        {"title": "Order paint", "assignee": None, "due": None, "evidence_ids": ["u9"], "lane": "review"},
    ],
    "status_changes": [{"ticket_id": "T1", "to": "DONE", "evidence_ids": ["u2"], "lane": "pending"}],
    "decisions": [],
}


def test_lanes_and_proof_are_counted_apart() -> None:
    figures = figures_of([MEETING], [FOUND, FOUND | {"meeting_id": "another"}])
    assert figures["ticket_p"] == 0.5
    assert figures["applied ticket_p"] == 1.0
    assert figures["titled_f1"] == 0.0
    assert figures["proof ticket_p"] == 0.5
    assert figures["false_transition_rate"] == 1.0
    assert figures["applied false_transition_rate"] == 0.0


def test_a_row_says_aim_and_figure_and_a_dash_for_what_has_no_base() -> None:
    head, rule, *rows = table(lines_of(SPONTANEOUS, {"ticket_f1": 0.8}, None, "talk")).splitlines()
    assert len(rows) == len(SPONTANEOUS)
    assert {line.count("|") for line in (head, rule, *rows)} == {6}
    assert rows[0] == "| talk: ticket F1, all lanes | ≥ .80 | .800 | ≥ .80 | – |"
    assert [number(figure) for figure in (1.0, 0.894, 0.0, None)] == ["1.0", ".894", ".000", "–"]


def test_only_the_marked_place_of_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    assert not write_into(page, "x")
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert write_into(page, "| new |")
    assert page.read_text() == f"before\n{BEGIN}\n| new |\n{END}\nafter\n"
