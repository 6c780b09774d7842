"""What is particular to the live feed in PostgreSQL."""

from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.embedded import SUPERUSER
from vori.errors import Invalid
from vori.livefeed import LiveGap, LiveMessage, open_livefeed
from vori.livefeed.postgres import PostgresLiveFeed


def message(workspace_id: UUID, text: str) -> LiveMessage:
    return LiveMessage(workspace_id=workspace_id, meeting_id=None, kind="ticket", id=new_id(), data={"text": text})


async def test_the_longest_notification_and_one_byte_more(log_database: Database, workspace: UUID) -> None:
    room = 7999 - len(message(workspace, "").model_dump_json())
    sent = [message(workspace, "x" * room), message(workspace, "x" * (room + 1))]
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe() as messages:
        for each in sent:
            await feed.publish(each)
        async with asyncio.timeout(5):
            assert [await anext(messages), await anext(messages)] == sent
    async with log_database.transaction() as tx:
        assert len(await tx.fetch_all("select * from live_message")) == 1


async def test_what_spilled_over_is_thrown_away_later(
    database_url: str, log_database: Database, database: Database, workspace: UUID
) -> None:
    feed = PostgresLiveFeed(log_database)
    long_ago = message(workspace, "x" * 9000)
    await feed.publish(long_ago)
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER), autocommit=True) as admin:
        admin.execute("update live_message set at = now() - interval '1 hour'")
    async with database.transaction(workspace) as tx:
        await feed.publish(fresh := message(workspace, "y" * 9000), tx)
    async with log_database.transaction() as tx:
        rows = await tx.fetch_all("select body from live_message")
    assert [LiveMessage.model_validate_json(row["body"]) for row in rows] == [fresh]


async def test_a_message_that_can_t_be_read_is_a_gap(log_database: Database) -> None:
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe() as messages:
        async with log_database.transaction() as tx:
            await tx.execute(
                "select pg_notify('vori_live', '{}'), pg_notify('vori_live', %s)", (f"spilled:{new_id()}",)
            )
        async with asyncio.timeout(5):
            assert [await anext(messages), await anext(messages)] == [LiveGap(), LiveGap()]


async def test_one_connection_listens_for_all_subscribers(database_url: str, log_database: Database) -> None:
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe(), feed.subscribe(), feed.subscribe():
        with psycopg.connect(make_conninfo(database_url, user=SUPERUSER)) as admin:
            rows = admin.execute(
                "select pid from pg_stat_activity where datname = current_database() and query = 'listen vori_live'"
            ).fetchall()
    assert len(rows) == 1


@pytest.mark.parametrize(
    "url", ["nats://user:secret@host:4222", "redis://user:secret@host:x", "", "postgres://elsewhere"]
)
async def test_an_unknown_engine_is_a_clear_error(log_database: Database, url: str) -> None:
    with pytest.raises(Invalid, match="VORI_LIVEFEED_URL") as caught:
        async with open_livefeed(url, log_database):
            pass
    assert "secret" not in str(caught.value)


async def test_the_engine_in_the_database_is_named_postgres(log_database: Database, workspace: UUID) -> None:
    async with open_livefeed("postgres:", log_database) as feed:
        await feed.publish(message(workspace, "x"))
