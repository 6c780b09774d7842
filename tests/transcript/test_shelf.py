"""The shelf: what is put there is given back as it was, in any order, and takes no room afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from vori.clock import now
from vori.transcript.ear import Heard
from vori.transcript.shelf import Shelf
from vori.transcript.voice import Job


def test_it_gives_back_what_was_put_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "new")
    slots = [shelf.put(bytes([number]) * number * 1000) for number in range(1, 6)]
    for number in (3, 1, 5, 2, 4, 3):
        assert shelf.get(slots[number - 1]) == bytes([number]) * number * 1000
    assert os.listdir(tmp_path / "new") == [], "the file has no name"
    for _ in range(5):
        assert os.fstat(shelf._file.fileno()).st_size == 15_000
        shelf.clear_one()
    assert os.fstat(shelf._file.fileno()).st_size == 0
    assert shelf.get(shelf.put(b"again")) == b"again"
    shelf.close()


def test_a_job_comes_back_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    samples = np.arange(-500, 500, dtype=np.int16)
    heard = Heard(first=10, end=1010, samples=samples, onset=0.1, since=0, language="ko", over=True)
    for job in (
        Job(now(), heard, b"state", 7),
        Job(now(), heard, None),
        Job(now(), None, b"\n\0state", 9, closes=True),
    ):
        away = job.put_away(shelf)
        assert away.heard is None or len(away.heard.samples) == 0
        back = away.taken_out(shelf)
        assert (back.state, back.offset, back.closes) == (job.state, job.offset, job.closes)
        assert (back.heard is None) == (job.heard is None)
        if back.heard:
            assert np.array_equal(back.heard.samples, samples)
            assert back.heard.stretch.samples.dtype == np.float32
    shelf.close()
