"""Driver and JVM killed with -9 while events arrive: nothing is missing, and nothing counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics_killed import kill_often
from vori.database.embedded import EmbeddedPostgres


@pytest.mark.flow
@pytest.mark.timeout(900)
async def test_a_stream_killed_in_the_middle_changes_no_number(
    postgres: EmbeddedPostgres, database_url: str, tmp_path: Path
) -> None:
    assert postgres.url
    (row,) = await kill_often(1, database_url, tmp_path)
    assert row.events > 100
    assert (row.differing, row.told_twice) == (0, 0)
