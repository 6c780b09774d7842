"""What a running VORI costs when nobody speaks, and how soon it is ready.

    python bench/idle.py

Memory is the proportional set size (PSS) of every process of `vori up`, PostgreSQL included: shared pages count once.
"""

from __future__ import annotations

import time

from costs import pss_mb
from stack import Stack

SETTLE_S = 10.0


def main() -> None:
    with Stack() as stack:
        cold = stack.ready_after_s
        stack.stop()
        stack.start()
        warm = stack.ready_after_s
        time.sleep(SETTLE_S)
        rows = {role: pss_mb(pid) for role, pid in stack.pids().items() if role != "postgres"}
        total = sum(pss_mb(pid) for pid in stack.tree())
    print("| | measured | target |\n|---|---|---|")
    print(f"| ready after the first start (database made, weights put together) | {cold:.1f} s | |")
    print(f"| ready after a warm start | {warm:.1f} s | ≤ 10 s |")
    for role, mib in rows.items():
        print(f"| memory of the {role} | {mib:.0f} MiB | |")
    print(f"| memory of everything, idle | {total:.0f} MiB | ≤ 1536 MiB |")


if __name__ == "__main__":
    main()
