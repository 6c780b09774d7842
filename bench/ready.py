"""How soon pages are usable after `vori up`, and analytics works, beside a VORI without analytics.

    python bench/ready.py

Each start is of a home that has been used before. The two kinds take turns, so that a busy machine is busy for both.
"""

from __future__ import annotations

import statistics
import time

from stack import Stack

STARTS = 5
PATIENCE_S = 180.0


def main() -> None:
    pages: dict[str, list[float]] = {"off": [], "local[2]": []}
    works: list[float] = []
    with Stack() as stack:
        stack.stop()
        for _ in range(STARTS):
            for master, took in pages.items():
                stack.environment["VORI_ANALYTICS_MASTER"] = master
                began = time.monotonic()
                stack.start()
                stack.ask("GET", "/").raise_for_status()
                stack.ask("GET", "/api/meetings").raise_for_status()
                took.append(time.monotonic() - began)
                if master != "off":
                    works.append(until_it_works(stack) - began)
                stack.stop()
    off, on = (statistics.median(took) for took in pages.values())
    print("| | without analytics | with | ratio |\n|---|---|---|---|")
    print(f"| pages usable, median of {STARTS} | {off:.1f} s | {on:.1f} s | {on / off:.2f} |")
    print(f"| the slowest | {max(pages['off']):.1f} s | {max(pages['local[2]']):.1f} s | |")
    print(f"| analytics works, median (slowest) | – | {statistics.median(works):.1f} s ({max(works):.1f} s) | |")
    print("\nTarget: pages within 10 s.")


def until_it_works(stack: Stack) -> float:
    """The moment when it says so."""
    end = time.monotonic() + PATIENCE_S
    while stack.ask("GET", "/api/analytics/standing").json()["state"] != "working":
        if time.monotonic() > end:
            raise RuntimeError(f"analytics did not work:\n{stack.log_text[-3000:]}")
        time.sleep(0.1)
    return time.monotonic()


if __name__ == "__main__":
    main()
