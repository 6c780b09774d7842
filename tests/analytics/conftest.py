"""One Spark session for all tests of this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


FEW_ROWS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
"""For so few rows it would take far longer to compile a plan, and to think about it again, than to run it."""


@pytest.fixture(scope="session")
def spark(home: Path) -> Iterator[SparkSession]:
    """Real Spark, on one core: two run at a time. A test that asks for it counts as one that needs a server."""
    from vori.analytics.engine.session import open_session
    from vori.jvm import resolve_jars

    jars = sorted(resolve_jars("spark").glob("*.jar"))
    with open_session(home / "spark", master="local[1]", memory="1g", jars=jars, more=FEW_ROWS) as session:
        yield session
