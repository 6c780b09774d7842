"""The role's Spark: opened beside the event loop, its standing said as it changes, ended with the role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from vori.analytics.engine import process
from vori.analytics.engine.session import open_session
from vori.analytics.model import SAYS_EVERY, SILENT, Standing
from vori.analytics.standing import failed, say
from vori.database.connection import Database
from vori.errors import Invalid, OurError, Unavailable, VoriError
from vori.eventlog import KAFKA
from vori.jvm import resolve_jars
from vori.settings import OFF, Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FOLDER = "spark"
"""In VORI's home: what Spark writes."""
WORKING = Standing(state="working")


@asynccontextmanager
async def working(database: Database, settings: Settings) -> AsyncIterator[SparkSession]:
    """A session for the role's jobs; how it stands is said as it changes.

    Raises `Unavailable` when there is no Java, no jars to read Kafka with, or Spark doesn't start.
    """
    if settings.analytics_master == OFF:
        raise Invalid("Analytics is turned off.", remedy="Set VORI_ANALYTICS_MASTER to local[2], or don't start it.")
    await say(database, SILENT)
    try:
        async with _beside(_session(settings)) as spark:
            await say(database, WORKING)
            yield spark
    except asyncio.CancelledError:
        await _try_to_say(database, SILENT)
        raise
    except VoriError as error:
        await _try_to_say(database, failed(error))
        raise
    except Exception as error:
        defect = OurError(f"Analytics failed: {type(error).__name__}.", remedy="Its log says where; please report it.")
        await _try_to_say(database, failed(defect))
        raise


async def attend(database: Database) -> None:
    """Go on saying that Spark works. Raises `Unavailable` when its JVM has ended."""
    while True:
        for _ in range(SAYS_EVERY.seconds):
            await asyncio.sleep(1)
            if process.pid() is None:
                raise Unavailable("Spark's process ended.", remedy="It is started again.")
        await _try_to_say(database, WORKING)


async def _try_to_say(database: Database, standing: Standing) -> None:
    with suppress(Unavailable):  # a database that is away for a while is no reason to end
        await say(database, standing)


@asynccontextmanager
async def _beside(opened: AbstractContextManager[SparkSession]) -> AsyncIterator[SparkSession]:
    """Enter and leave in a thread. Who is cancelled while Spark starts doesn't wait until it has."""
    with ExitStack() as stack:
        entering = asyncio.ensure_future(asyncio.to_thread(stack.enter_context, opened))
        try:
            spark = await asyncio.shield(entering)
        except asyncio.CancelledError:
            while not entering.done():
                process.kill()
                await asyncio.wait({entering}, timeout=0.1)
            with suppress(VoriError):
                entering.result()
            raise
        try:
            yield spark
        finally:
            await asyncio.to_thread(stack.close)


@contextmanager
def _session(settings: Settings) -> Iterator[SparkSession]:
    jars = sorted(resolve_jars("spark").glob("*.jar")) if settings.eventlog_url.startswith(KAFKA) else ()
    folder, memory = settings.home / FOLDER, settings.analytics_memory
    with open_session(folder, master=settings.analytics_master, memory=memory, jars=jars) as spark:
        yield spark
