"""What `make score` runs: an extractor over the evaluation sets, judged by the scorer in `evaluation/`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from vori.settings import OFFLINE

SETS = (
    "hand_ko_dev",
    "hand_en_dev",
    "hand_ko_dev_asr",
    "hand_en_dev_asr",
    "train_spontaneous_ko",
    "train_spontaneous_en",
    "ami_en_dev",
)
COLUMNS = (
    ("tickets P / R / F1", ("ticket_p", "ticket_r", "ticket_f1")),
    ("F1 with a usable title", ("titled_f1",)),
    ("applied alone: P / R", ("applied ticket_p", "applied ticket_r")),
    ("assignee", ("assignee_acc",)),
    ("due: right / invented", ("due_acc", "false_due_rate")),
    ("status changes P / R", ("change_p", "change_r")),
    ("applied alone: P / R", ("applied change_p", "applied change_r")),
    ("moved, should have stayed", ("applied false_transition_rate",)),
    ("illegal", ("illegal_rate",)),
    ("decision F1", ("decision_f1",)),
)
BEGIN, END = "<!-- score -->", "<!-- /score -->"
ROOT = Path(__file__).parent.parent
BENCHMARKS, SCORER = ROOT / "docs" / "benchmarks.md", ROOT / "evaluation" / "score_tickets.py"


def score(gold: Path, predicted: Path, *, lanes: str = "") -> dict[str, Any]:
    """The scorer's figures for one set."""
    orders = [sys.executable, str(SCORER), str(gold), str(predicted), "--json", "--no-ci", "--lanes", lanes]
    answer = subprocess.run(orders, check=True, capture_output=True, text=True).stdout
    figures: dict[str, Any] = json.loads(answer)
    return figures


def figures_of(folder: Path, name: str, scratch: Path, extractor: str) -> dict[str, Any]:
    """Run the extractor over a set, and score all of its answers and those that it applies by itself."""
    gold, predicted = folder / "tickets" / f"{name}.jsonl", scratch / f"{name}.jsonl"
    orders = ["extract", str(gold), "--out", str(predicted), "--extractor", extractor]
    subprocess.run([sys.executable, "-m", "vori", *orders], check=True)
    applied = score(gold, predicted, lanes="applied")
    return score(gold, predicted) | {f"applied {key}": value for key, value in applied.items()}


def table(rows: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| set (meetings) | " + " | ".join(title for title, _ in COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    for name, figures in rows.items():
        cells = [" / ".join(_shown(figures.get(key)) for key in keys) for _, keys in COLUMNS]
        lines.append(f"| {name} ({figures['meetings']}) | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}".replace("0.", ".", 1) if figure < 1 else "1.0"


def write_into(page: Path, markdown: str) -> bool:
    """Put the table where the page wants it; False when it has no place for it."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if BEGIN not in text or END not in text:
        return False
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    page.write_text(f"{head}{BEGIN}\n{markdown}\n{END}{tail}", encoding="utf-8")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, required=True, help="folder with tickets/*.jsonl")
    parser.add_argument("--extractor", default=OFFLINE, help="as for `vori extract`; docs keep offline's figures alone")
    asked = parser.parse_args()
    folder: Path = asked.eval
    present = [name for name in SETS if (folder / "tickets" / f"{name}.jsonl").is_file()]
    if not present:
        sys.exit(f"{folder} holds no evaluation sets: it needs tickets/*.jsonl.")
    with tempfile.TemporaryDirectory() as scratch:
        markdown = table({name: figures_of(folder, name, Path(scratch), asked.extractor) for name in present})
    print(markdown)
    if asked.extractor == OFFLINE and write_into(BENCHMARKS, markdown):
        print(f"\nWritten to {BENCHMARKS}.", file=sys.stderr)


if __name__ == "__main__":
    main()
