"""The table that `make score` prints, and where it is written."""

from __future__ import annotations

from pathlib import Path

from score import BEGIN, END, table, write_into


def test_a_row_per_set_and_a_dash_for_what_has_no_base() -> None:
    figures = {"meetings": 6, "ticket_p": 0.894, "ticket_r": 1.0, "ticket_f1": 0.0, "applied ticket_p": None}
    head, rule, row = table({"hand": figures}).splitlines()
    assert head.count("|") == rule.count("|") == row.count("|")
    assert row.startswith("| hand (6) | .89 / 1.0 / .00 | – | – / – |")


def test_only_the_marked_place_of_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    assert not write_into(page, "x")
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert write_into(page, "| new |")
    assert page.read_text() == f"before\n{BEGIN}\n| new |\n{END}\nafter\n"
