"""The composition root: which parts each role is made of. Nothing else knows which engines were chosen."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from vori.database.connection import Database
from vori.errors import Invalid
from vori.eventlog import KAFKA, open_eventlog
from vori.eventlog.retain import Retention
from vori.eventlog.retain import run as retain
from vori.events import Topic
from vori.foundation import Foundation, Ready, foundation, together
from vori.livefeed import open_livefeed
from vori.settings import Settings

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from vori.analytics.cold.archive import FactArchive
    from vori.audio.receive import Receiver
    from vori.audio.worker import Archivist
    from vori.board.live import Hub

log = structlog.get_logger()

WEEK_S = 7 * 24 * 3600.0
GROUPS = ("archive", "streams", "transcript", "tickets", "minutes", "cold")
"""The consumer groups of the workers below."""
CHECKPOINTS = "analytics/checkpoints"
"""In VORI's home: how far the stream is, and what it knows of meetings that go on."""
RETENTION = {
    Topic.AUDIO: Retention(("archive", "transcript"), 60.0),
    Topic.MEETING_STARTED: Retention(("tickets", "cold"), WEEK_S),
    Topic.TRANSCRIPTION: Retention(("tickets", "minutes", "cold"), WEEK_S),
    Topic.MEETING_ENDED: Retention(("streams", "tickets", "cold"), WEEK_S),
    Topic.MEETING_REPORTED: Retention(("minutes", "cold"), WEEK_S),
    Topic.TICKET_CREATED: Retention(("minutes", "cold"), WEEK_S),
    Topic.TICKET_UPDATED: Retention(("minutes", "cold"), WEEK_S),
    Topic.ANALYTICS_METRICS: Retention((), WEEK_S / 7),
    Topic.ANALYTICS_INSIGHTS: Retention((), WEEK_S),
}
"""Sound leaves the log once it is archived and transcribed; facts stay a week, and until they are cold."""

ANALYTICS_NICE = 5
"""Speech is heard first: while processors are short, numbers wait."""


async def run_gateway(base: Foundation, ready: Ready) -> None:
    """HTTP, WebSockets and pages; the way in for sound; the archive and cold storage; what ends by itself."""
    from vori.analytics.cold import tidy
    from vori.analytics.cold.archive import FactArchive
    from vori.analytics.cold.place import Cold
    from vori.audio import ending
    from vori.audio.files import FileArchive
    from vori.audio.receive import Receiver
    from vori.audio.retention import delete
    from vori.audio.worker import Archivist
    from vori.board.live import Hub
    from vori.gateway import serve
    from vori.people.owner import owner_key
    from vori.transcript.quiet import Ender, Patience
    from vori.transcript.retranscription.needed import sound_is_needed

    archivist = Archivist(base.database, base.log, FileArchive(base.settings.home / "archive"))
    hub = Hub(base.feed)
    patience = Patience(base.settings.end_after_closed_s, base.settings.end_after_silence_s)
    ender = Ender(base.database, base.log_database, base.log, base.feed, patience)
    cold = Cold.under(base.settings.home)
    facts = FactArchive(base.database, base.log, cold)
    async with Receiver(base.database, base.log, base.feed) as receiver:
        await together(
            serve(
                _application(base, receiver, archivist, hub, key=owner_key(base.settings.home), facts=facts),
                host=base.settings.host,
                port=base.settings.port,
                ready=ready,
            ),
            hub.run(),
            archivist.run(),
            ending.run(base.database, base.log, receiver),
            ender.run(),
            facts.run(),
            tidy.run(base.database, base.log_database, base.log, cold),
            retain(base.log, RETENTION),
            delete.run(base.database, base.log_database, archivist.archive, sound_is_needed),
        )


def _application(
    base: Foundation, receiver: Receiver, archivist: Archivist, hub: Hub, *, facts: FactArchive, key: str
) -> FastAPI:
    """Every slice's routes, and the pages behind them. `key` is the owner's."""
    from vori.audio import api as audio
    from vori.audio.listen import AudioTold
    from vori.board import api as board
    from vori.board import site
    from vori.board.messages import LiveTold
    from vori.dashboard import api as dashboard
    from vori.gateway import LOOPBACK, build_app
    from vori.meetings import api as meetings
    from vori.meetings.planning import api as planning
    from vori.minutes import api as minutes
    from vori.minutes.share import api as minutes_share
    from vori.notifications import api as notifications
    from vori.people import api as people
    from vori.sample import api as sample
    from vori.search import api as search
    from vori.transcript import api as transcript
    from vori.transcript.bookmarks import api as bookmarks
    from vori.transcript.naming import api as naming
    from vori.transcript.retranscription import api as retranscription
    from vori.transcript.striking import api as striking
    from vori.transcript.striking.store import read_struck
    from vori.transcript.vocabulary import api as vocabulary

    routers = [
        people.routes(key),
        people.members(base.database),
        meetings.routes(base.database, base.log, base.feed, receiver.end_streams),
        planning.routes(base.database, base.log, base.feed),
        sample.routes(base.database, base.log, base.feed, receiver),
        audio.routes(base.database, base.log, receiver, archivist, base.settings.home, struck=read_struck),
        transcript.routes(base.database, base.log, base.feed),
        naming.routes(base.database, base.log, base.feed),
        retranscription.routes(base.database, base.log, base.feed),
        vocabulary.routes(base.database),
        bookmarks.routes(base.database),
        striking.routes(base.database, base.log, base.feed),
        *_tickets(base),
        minutes.routes(base.database, base.feed),
        minutes_share.routes(base.database),
        dashboard.routes(base.database),
        *_analytics(base, facts),
        search.routes(base.database),
        notifications.routes(base.database),
        board.routes(base.database, base.log, hub, groups_of(base.settings), base.settings.analytics_master),
        site.routes(site.read_site(site.SITE)),
    ]
    hosts = LOOPBACK | {base.settings.host.lower()}
    return build_app(routers, allowed_hosts=hosts, messages=(LiveTold, AudioTold), key=key)


def _analytics(base: Foundation, facts: FactArchive) -> list[APIRouter]:
    """The routes of what analytics found, and of how it comes about."""
    from vori.analytics import api as standing
    from vori.analytics.cold import api as cold
    from vori.analytics.report import api as report
    from vori.analytics.runs import api as runs
    from vori.analytics.settings import api as settings

    return [
        standing.routes(base.database, base.settings.analytics_master),
        report.routes(base.database, base.settings.analytics_master),
        settings.routes(base.database, base.feed),
        runs.routes(base.database),
        cold.routes(facts),
    ]


def _tickets(base: Foundation) -> list[APIRouter]:
    """The routes of tickets and of all that is done to them."""
    from vori.tickets import api as tickets
    from vori.tickets.comments import api as comments
    from vori.tickets.corrections import api as corrections
    from vori.tickets.history import api as ticket_history
    from vori.tickets.llm import api as extractor
    from vori.tickets.replay import api as replay
    from vori.tickets.settings import api as ticket_settings

    return [
        tickets.routes(base.database, base.log, base.feed),
        extractor.routes(base.database, base.settings),
        ticket_history.routes(base.database, base.log, base.feed),
        comments.routes(base.database),
        ticket_settings.routes(base.database),
        corrections.routes(base.database),
        replay.routes(base.database, base.log, base.feed),
    ]


def groups_of(settings: Settings) -> tuple[str, ...]:
    """The consumer groups that there are with these settings."""
    return (*GROUPS, "relay") if settings.eventlog_url.startswith(KAFKA) else GROUPS


async def describe() -> dict[str, Any]:
    """The API's description (OpenAPI), of an application that is connected to nothing."""
    from vori.analytics.cold.archive import FactArchive
    from vori.analytics.cold.place import Cold
    from vori.audio.files import FileArchive
    from vori.audio.receive import Receiver
    from vori.audio.worker import Archivist
    from vori.board.live import Hub

    settings = Settings(database_url="postgresql://nowhere/", eventlog_url="postgres:", livefeed_url="postgres:")
    database = Database(settings.database_url)
    async with (
        open_eventlog(settings.eventlog_url, database) as log,
        open_livefeed(settings.livefeed_url, database) as feed,
    ):
        base = Foundation(settings, database, database, log, feed)
        archivist = Archivist(database, log, FileArchive(settings.home / "archive"))
        facts = FactArchive(database, log, Cold.under(settings.home))
        return _application(base, Receiver(database, log, feed), archivist, Hub(feed), facts=facts, key="").openapi()


async def run_transcriber(base: Foundation, ready: Ready) -> None:
    """Sound to words. Raises `Unavailable` when the speech model is missing, broken or can't be reached."""
    from vori.tickets.store import read_open_titles
    from vori.transcript import worker
    from vori.transcript.models import open_recogniser
    from vori.transcript.retranscription import work as retranscription
    from vori.transcript.vocabulary.terms import Terms

    with contextlib.ExitStack() as stack:
        recogniser = await asyncio.to_thread(stack.enter_context, open_recogniser(base.settings))
        terms, incoming = Terms(base.database, read_open_titles), base.settings.home / "incoming"
        ready(None)
        await together(
            worker.run(base.database, base.log, base.feed, recogniser, incoming, terms=terms),
            retranscription.run(base.database, base.log_database, base.settings.home, terms),
        )


async def run_scribe(base: Foundation, ready: Ready) -> None:
    """Words to tickets, a finished meeting to minutes."""
    from vori.minutes import worker as minutes
    from vori.tickets import worker as tickets
    from vori.tickets.llm.ledger import DatabaseLedger
    from vori.tickets.llm.open import open_extractor

    ledger = DatabaseLedger(base.database, asyncio.get_running_loop())
    extractor = await asyncio.to_thread(open_extractor, base.settings, ledger)
    ready(None)
    await together(
        tickets.run(base.database, base.log, base.feed, extractor),
        minutes.run(database=base.database, log=base.log, feed=base.feed),
    )


async def run_relay(base: Foundation, ready: Ready) -> None:
    """The outbox to Kafka; needed with that event log only. Raises `Invalid` with another."""
    from vori.eventlog import relay
    from vori.eventlog.kafka import KafkaEventLog

    if not isinstance(base.log, KafkaEventLog):
        raise Invalid("There is nothing to relay: the event log is in PostgreSQL.", remedy="Don't start this role.")
    ready(None)
    await relay.run(base.log, base.database)


async def run_analytics(base: Foundation, ready: Ready) -> None:
    """Everything to numbers, by Spark. Raises `Unavailable` without Java or, with Kafka, the jars to read it."""
    from vori.analytics.cold.place import Cold
    from vori.analytics.engine import process, role, stream
    from vori.analytics.engine.rollup import Rollup
    from vori.analytics.live.tell import Teller

    os.nice(ANALYTICS_NICE)
    urls, checkpoints = (base.settings.eventlog_url, base.settings.database_url), base.settings.home / CHECKPOINTS
    async with role.working(base.database, base.settings) as spark:
        ready(None)
        teller = Teller(base.database, base.log, base.feed)
        rollup = Rollup(
            base.database,
            base.log_database,
            base.log,
            cold=Cold.under(base.settings.home),
            spark=spark,
            scratch=process.scratch_of(base.settings.home / role.FOLDER) / "rollup",
        )
        await together(role.attend(base.database), stream.run(spark, urls, checkpoints, teller), rollup.run())


ROLES: dict[str, Callable[[Foundation, Ready], Awaitable[None]]] = {
    "gateway": run_gateway,
    "transcriber": run_transcriber,
    "scribe": run_scribe,
    "relay": run_relay,
    "analytics": run_analytics,
}


async def run_role(role: str, settings: Settings, ready: Ready) -> None:
    """Run one role until SIGTERM or SIGINT, then leave in order: sockets told, partitions given back."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        async with foundation(settings) as base:
            log.info("role.started", role=role)
            await ROLES[role](base, ready)
    log.info("role.stopped", role=role)
