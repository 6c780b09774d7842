"""Real servers for the tests that ask: PostgreSQL, with a fresh database (a clone) per test, and a Kafka node."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `vori run` does; read when numpy is imported
# No JVM of a test lives long enough for what is compiled better to pay.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.livefeed.redis_server import RedisServer

from vori.clock import new_id
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.database.migrate import migrate
from vori.eventlog.broker import Broker

SPARK_PATIENCE_S = 900
SERVERS = {"postgres", "kafka_broker", "redis_server", "spark"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what isn't a unit test. Who asks for Spark may have to wait until it has started and been warmed."""
    for item in items:
        wanted = SERVERS & set(getattr(item, "fixturenames", ()))
        if wanted:
            item.add_marker("server")
        if "spark" in wanted and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SPARK_PATIENCE_S))


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A VORI home for this run (short and passable, for socket paths and the server's own user)."""
    folder = Path(tempfile.mkdtemp(prefix="vori-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(home, durable=False)
    migrate(server.start())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka_broker(home: Path) -> Iterator[Broker]:
    """A running Kafka node, one for the whole run: name your topics for yourself; who stops it starts it again."""
    with Broker(home / "kafka") as broker:
        yield broker


@pytest.fixture(scope="session")
def redis_server(home: Path) -> Iterator[RedisServer]:
    """A running Redis, one for the whole run; who kills it starts it again."""
    server = RedisServer(home / "redis")
    server.start()
    yield server
    server.kill()


_numbers = itertools.count(1)


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A conninfo string (without a user: add a role) of a migrated database that nobody else uses."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin_url = make_conninfo(postgres.url, user=SUPERUSER, dbname="postgres")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template vori strategy file_copy").format(sql.Identifier(name)))
    yield make_conninfo(postgres.url, dbname=name)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The application's own role, under row-level security."""
    async with Database(database_url) as opened:
        yield opened


@pytest.fixture
async def log_database(database_url: str) -> AsyncIterator[Database]:
    """The event log's role."""
    async with Database(database_url, role=LOG_ROLE) as opened:
        yield opened


@pytest.fixture
async def workspace(database: Database) -> UUID:
    """A fresh workspace."""
    workspace_id = new_id()
    async with database.transaction(workspace_id) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'test')", (workspace_id,))
    return workspace_id
