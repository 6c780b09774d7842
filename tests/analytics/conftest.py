"""One Spark session for all tests of this process, and analytics over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest

from vori.analytics.report import api
from vori.database.connection import Database
from vori.gateway import build_app
from vori.people.api import current_workspace

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
    """Real Spark, on one core: several run at a time. A test that asks for it counts as one that needs a server."""
    from vori.analytics.engine.session import open_session
    from vori.jvm import resolve_jars

    jars = sorted(resolve_jars("spark").glob("*.jar"))
    with open_session(home / "spark", master="local[1]", memory="1g", jars=jars, more=FEW_ROWS) as session:
        yield session


@pytest.fixture
async def client(database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app([api.routes(database, "local[2]")])
    app.dependency_overrides[current_workspace] = lambda: workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
        yield opened
