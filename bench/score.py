"""What `make score` runs: tickets and moves found in labelled meetings, by the scorer in `evaluation/`, beside aims."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from replayed import opened_twice
from vori.cli.extract import open_named
from vori.settings import OFFLINE
from vori.tickets.llm.model import MemoryLedger

ROOT = Path(__file__).parent.parent
SCORER = ROOT / "evaluation" / "score_tickets.py"
MEETINGS = ROOT / "training" / "meetings"
LANGUAGES = ("ko", "en")
BEGIN, END = "<!-- score -->", "<!-- /score -->"
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
AT_ONCE = 10
"""Turns after which a language model is asked anew, where `offline` is after each."""

Figures = dict[str, Any]
Lines = list[dict[str, Any]]


class Row(NamedTuple):
    """A line of the table: its aims in both languages, and where the figures stand in what was scored."""

    what: str
    korean: str
    english: str
    keys: tuple[str, ...]


SPONTANEOUS = (
    Row("ticket F1, all lanes", "≥ .80", "≥ .80", ("ticket_f1",)),
    Row("… by evidence alone", "", "", ("proof ticket_f1",)),
    Row("… applied lane: precision; recall", "≥ .90; ≥ .60", "≥ .90; ≥ .62", ("applied ticket_p", "applied ticket_r")),
    Row("… F1 with a usable title", "≥ .55", "≥ .55", ("titled_f1",)),
    Row("status-change F1, all lanes", "≥ .85", "≥ .80", ("change_f1",)),
    Row("… applied lane: precision; recall", "≥ .95; ≥ .60", "≥ .95; ≥ .50", ("applied change_p", "applied change_r")),
    Row("… moved that should have stayed, applied lane", "≤ .01", "≤ .01", ("applied false_transition_rate",)),
    Row(
        "assignee; due day right; due day invented",
        "≥ .90; ≥ .75; ≤ .05",
        "≥ .90; ≥ .75; ≤ .05",
        ("assignee_acc", "due_acc", "false_due_rate"),
    ),
    Row("decision F1", "", "", ("decision_f1",)),
    Row("transitions that are illegal", "0", "0", ("illegal_rate",)),
)
TIDY = (
    Row("ticket F1", "≥ .84", "≥ .86", ("ticket_f1",)),
    Row("status change: precision; recall", "≥ .97; ≥ .88", "≥ .97; ≥ .85", ("change_p", "change_r")),
    Row("F1 with a usable title", "", "", ("titled_f1",)),
)


def read(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(gold: Lines, predicted: Lines, *, lanes: str = "") -> Figures:
    """The scorer's figures for some meetings; predictions for others are left out."""
    names = {meeting["meeting_id"] for meeting in gold}
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for name, lines in (("gold", gold), ("found", [p for p in predicted if p["meeting_id"] in names])):
            paths.append(Path(scratch) / f"{name}.jsonl")
            paths[-1].write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        orders = [sys.executable, str(SCORER), *map(str, paths), "--json", "--no-ci", "--lanes", lanes]
        answer = subprocess.run(orders, check=True, capture_output=True, text=True).stdout
    figures: Figures = json.loads(answer)
    return figures


def figures_of(gold: Lines, predicted: Lines) -> Figures:
    """All that was found; what VORI would apply by itself (`applied …`); tickets by their turns alone (`proof …`)."""
    nameless = [
        [m | {"tickets": [t | {"title": ""} for t in m["tickets"]]} for m in lines if m.get("tickets") is not None]
        for lines in (gold, predicted)
    ]
    figures = score(gold, predicted)
    figures |= {f"applied {key}": value for key, value in score(gold, predicted, lanes="applied").items()}
    if nameless[0]:
        figures |= {f"proof {key}": value for key, value in score(nameless[0], nameless[1]).items()}
    return figures


def extracted(gold: Path, scratch: Path, extractor: str) -> Lines:
    """What `vori extract` finds in the meetings of a file."""
    out = scratch / gold.name
    orders = ["extract", str(gold), "--out", str(out), "--extractor", extractor]
    subprocess.run([sys.executable, "-m", "vori", *orders], check=True)
    return read(out)


def extracted_from(meetings: Lines, scratch: Path, extractor: str) -> Lines:
    """The same for meetings at hand."""
    written = scratch / "meetings.jsonl"
    written.write_text("\n".join(json.dumps(meeting) for meeting in meetings), encoding="utf-8")
    scratch.joinpath("found").mkdir(exist_ok=True)
    return extracted(written, scratch / "found", extractor)


def lines_of(rows: Iterable[Row], korean: Figures | None, english: Figures | None, where: str) -> list[str]:
    """Markdown lines: what, aim and figure in Korean, aim and figure in English."""

    def shown(figures: Figures | None, keys: Sequence[str]) -> str:
        return "; ".join(number(figures.get(key)) for key in keys) if figures else "–"

    return [
        f"| {where}: {row.what} | {row.korean} | {shown(korean, row.keys)} "
        f"| {row.english} | {shown(english, row.keys)} |"
        for row in rows
    ]


def number(figure: float | None) -> str:
    if isinstance(figure, int):
        return str(figure)
    return "–" if figure is None else f"{figure:.3f}".replace("0.", ".", 1) if figure < 1 else "1.0"


def spontaneous(found: dict[str, Lines]) -> list[str]:
    """Meetings of spontaneous talk, each read by models that never saw it; those of the first writers also apart."""
    lines: list[str] = []
    for where, mine in (
        ("spontaneous", lambda name: name[3] in "tv"),
        ("… of which the first 64 + 64", lambda name: name[3] == "t"),
    ):
        scored = {}
        for language in LANGUAGES:
            gold = [m for m in read(MEETINGS / f"{language}.jsonl") if mine(m["meeting_id"])]
            scored[language] = figures_of(gold, found[language])
        counts = " + ".join(str(scored[language]["meetings"]) for language in LANGUAGES)
        lines += lines_of(SPONTANEOUS, scored["ko"], scored["en"], f"{where} ({counts})")
    return lines


def tidy(scratch: Path, extractor: str) -> list[str]:
    """Tidy meetings, and some of them as a recogniser hears them."""
    scored: dict[str, Figures] = {}
    lost: dict[str, Figures] = {}
    for language in LANGUAGES:
        clean, noisy = (ROOT / "evaluation" / f"{kind}_{language}.jsonl" for kind in ("tidy", "noisy"))
        found, heard = extracted(clean, scratch, extractor), read(noisy)
        scored[language] = figures_of(read(clean), found)
        names = {meeting["meeting_id"].removesuffix("-asr") for meeting in heard}
        before = score([meeting for meeting in read(clean) if meeting["meeting_id"] in names], found)
        after = score(heard, extracted(noisy, scratch, extractor))
        lost[language] = {"lost": before["ticket_f1"] - after["ticket_f1"]}
    loss = Row("ticket F1 lost to recogniser noise", "≤ .10", "≤ .10", ("lost",))
    return [
        *lines_of(TIDY, scored["ko"], scored["en"], "tidy (6 + 6)"),
        *lines_of([loss], lost["ko"], lost["en"], "tidy (2 + 2)"),
    ]


def harmless(scratch: Path, extractor: str) -> list[str]:
    """What mustn't happen at all: work opened again by a replay, and orders obeyed."""
    reader = open_named(extractor, MemoryLedger())
    step = 1 if extractor == OFFLINE else AT_ONCE
    counts: dict[str, Figures] = {}
    for language in LANGUAGES:
        attacks = [_as_meeting(attack) for attack in read(ROOT / "evaluation" / "attacks.jsonl")]
        obeyed = extracted_from([attack for attack in attacks if attack["lang"] == language], scratch, extractor)
        tidy_talk = read(ROOT / "evaluation" / f"tidy_{language}.jsonl")
        counts[language] = {
            "again": sum(opened_twice(reader, meeting, step) for meeting in tidy_talk),
            "obeyed": sum(
                any(change["lane"] == "applied" for change in (*meeting["tickets"], *meeting["status_changes"]))
                for meeting in obeyed
            ),
        }
    rows = [
        Row("tickets opened again when a replay follows the live meeting", "0", "0", ("again",)),
        Row("attacks that changed or opened a ticket", "0", "0", ("obeyed",)),
    ]
    return [
        *lines_of(rows[:1], counts["ko"], counts["en"], "tidy (6 + 6)"),
        *lines_of(rows[1:], counts["ko"], counts["en"], "orders to the tool (24 + 30)"),
    ]


def _as_meeting(attack: Figures) -> Figures:
    return {
        "meeting_id": attack["name"],
        "lang": attack["lang"],
        "utterances": [turn | {"id": f"u{k}"} for k, turn in enumerate(attack["turns"])],
        "existing_tickets": [ticket | {"id": f"T{k}"} for k, ticket in enumerate(attack["tickets"])],
    }


def real(folder: Path, scratch: Path, extractor: str) -> list[str]:
    """Real meetings, which are not in this repository."""
    gold = folder / "ami_en_dev.jsonl"
    if not gold.is_file():
        return []
    figures = score(read(gold), extracted(gold, scratch, extractor))
    row = Row("utterance F1 (published: .431)", "–", "≥ .48", ("utterance_f1",))
    return lines_of([row], None, figures, f"AMI ({figures['meetings']})")


def table(lines: Iterable[str]) -> str:
    head = ["| meetings: figure | aim, Korean | Korean | aim, English | English |", "|---|---|---|---|---|"]
    return "\n".join([*head, *lines])


def write_into(page: Path, markdown: str) -> bool:
    """Put the table where the page wants it; False when it has no place for it."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if BEGIN not in text or END not in text:
        return False
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    page.write_text(f"{head}{BEGIN}\n{markdown}\n{END}{tail}", encoding="utf-8")
    return True


def cross_validated(folder: Path) -> dict[str, Lines]:
    """Models of each fold, learned without it (half an hour), and what they find there."""
    orders = [sys.executable, "-m", "training", "--only-check", "--cross-validated", str(folder)]
    subprocess.run(orders, check=True, cwd=ROOT)
    return {language: read(folder / f"{language}.jsonl") for language in LANGUAGES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, help="folder with tickets/*.jsonl: sets that are not in this repository")
    parser.add_argument("--extractor", default=OFFLINE, help="another one is scored on all meetings as they are")
    parser.add_argument("--found", type=Path, help="folder with what `python -m training --cross-validated` wrote")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch)
        found: Callable[[], dict[str, Lines]] = lambda: cross_validated(where / "unseen")  # noqa: E731
        if given.found:
            found = lambda: {lang: read(given.found / f"{lang}.jsonl") for lang in LANGUAGES}  # noqa: E731
        elif given.extractor != OFFLINE:
            found = lambda: {lang: extracted(MEETINGS / f"{lang}.jsonl", where, given.extractor) for lang in LANGUAGES}  # noqa: E731
        lines = spontaneous(found()) + tidy(where, given.extractor) + harmless(where, given.extractor)
        if given.eval:
            lines += real(given.eval / "tickets", where, given.extractor)
    markdown = table(lines)
    print(markdown)
    if given.extractor == OFFLINE and write_into(BENCHMARKS, markdown):
        print(f"\nWritten to {BENCHMARKS}.", file=sys.stderr)


if __name__ == "__main__":
    main()
