"""kill -9 of a consumer changes nothing in the result."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.eventlog.engines import MEETINGS, Engine, said

from vori.database.connection import Database, Transaction
from vori.database.embedded import SUPERUSER
from vori.eventlog.consume import Effect, consume
from vori.events import Event, Topic

EVENTS = 100
KILLS = 5

Admin = psycopg.Connection[tuple[int]]


@pytest.fixture
def admin(database_url: str) -> Iterator[Admin]:
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER), autocommit=True) as connection:
        connection.execute(
            "create table effect (place int generated always as identity, consumer_group text, key text, event_id uuid)"
        )
        connection.execute("grant select, insert on effect to vori_app")
        yield connection


async def work(engine: Engine, group: str) -> None:
    """A consumer that computes for a while, then writes one row per event."""

    async def handle(event: Event) -> Effect:
        await asyncio.sleep(0.002)

        async def effect(tx: Transaction) -> None:
            await tx.execute(
                "insert into effect (consumer_group, key, event_id) values (%s, %s, %s)",
                (group, event.key, event.event_id),
            )
            await asyncio.sleep(0.002)

        return effect

    async with Database(engine.database_url) as database, engine.open() as log:
        await consume(log, database, group, [Topic.TRANSCRIPTION], handle)


def main(engine: Engine, group: str) -> None:
    asyncio.run(work(engine, group))


def start(engine: Engine, group: str) -> multiprocessing.process.BaseProcess:
    # A fork would have the threads' locks of this process, and not the threads.
    process = multiprocessing.get_context("spawn").Process(target=main, args=(engine, group))
    process.start()
    return process


def kill(process: multiprocessing.process.BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


def count(admin: Admin, group: str) -> int:
    row = admin.execute("select count(*) from effect where consumer_group = %s", (group,)).fetchone()
    return row[0] if row else 0


def wait_for(admin: Admin, group: str, effects: int) -> None:
    deadline = time.monotonic() + 20
    while count(admin, group) < effects and time.monotonic() < deadline:
        time.sleep(0.003)


def finish(admin: Admin, engine: Engine, group: str) -> dict[str, list[UUID]]:
    """Let a consumer work to the end; returns what was written, by key, in order."""
    process = start(engine, group)
    wait_for(admin, group, EVENTS)
    time.sleep(0.1)
    kill(process)
    rows = admin.execute(
        "select key, array_agg(event_id order by place) from effect where consumer_group = %s group by key", (group,)
    )
    return dict(rows.fetchall())  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [1])
def test_kill_9_in_the_middle_of_a_batch_changes_nothing(eventlog_engine: Engine, admin: Admin, seed: int) -> None:
    chance = random.Random(seed)
    events = [said(chance.choice(MEETINGS), str(i)) for i in range(EVENTS)]

    async def publish() -> None:
        async with eventlog_engine.open() as log:
            await log.publish(events)

    asyncio.run(publish())
    for _ in range(KILLS):
        process = start(eventlog_engine, "killed")
        wait_for(admin, "killed", count(admin, "killed") + chance.randint(1, 15))
        time.sleep(chance.random() * 0.01)
        kill(process)
    assert KILLS <= count(admin, "killed") < EVENTS, "it was killed at work, time and again"
    undisturbed = finish(admin, eventlog_engine, "undisturbed")
    assert finish(admin, eventlog_engine, "killed") == undisturbed
    assert undisturbed == {
        str(meeting): [event.event_id for event in events if event.meeting_id == meeting] for meeting in MEETINGS
    }
