"""The event log's engines beside a bare Kafka client on the same broker: delay, rate and processor time per message.

    python bench/eventlog.py [--seconds 5]

Everything is durable: PostgreSQL with fsync on, Kafka with acks=all. The bare client sends bytes and reads bytes, or (a
second time) also turns events into bytes and back, as the engines do. Servers' processor time is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import numpy as np
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import EmbeddedPostgres
from vori.database.migrate import migrate
from vori.eventlog import EventLog, partition_of
from vori.eventlog.broker import Broker
from vori.eventlog.kafka import CONSUMER, PRODUCER, KafkaEventLog
from vori.eventlog.postgres import PostgresEventLog
from vori.events import PARTITIONS, AudioFrame, Event, Topic, UtteranceFinal, decode, encode

WORKSPACE = UUID(int=7)
MEETINGS = [uuid5(WORKSPACE, str(number)) for number in range(20)]
PACED, FAST = 20, 200
"""Messages in a batch: one each 50 ms, and as fast as it goes."""
COUNT = 10_000

Arrived = Callable[[UUID], None]
Publish = Callable[[list[Event]], Awaitable[None]]


def frame(number: int) -> Event:
    """100 ms of sound: 3.2 KB."""
    meeting = MEETINGS[number % len(MEETINGS)]
    return AudioFrame(
        workspace_id=WORKSPACE,
        meeting_id=meeting,
        stream=meeting,
        seq=number,
        captured_ms=100 * number,
        codec="pcm_s16le",
        sample_rate=16_000,
        data=bytes(3200),
    )


def words(number: int) -> Event:
    """An utterance of about 1 KB."""
    meeting = MEETINGS[number % len(MEETINGS)]
    return UtteranceFinal(
        workspace_id=WORKSPACE,
        meeting_id=meeting,
        utterance_id=uuid4(),
        stream=meeting,
        speaker="Maya",
        start_ms=0,
        end_ms=1000,
        language="en",
        text="word " * 125,
    )


@asynccontextmanager
async def engine(log: EventLog, topic: Topic, arrived: Arrived) -> AsyncIterator[Publish]:
    async def read() -> None:
        async with log.consumer(f"bench-{uuid4().hex}", [topic]) as consumer:
            while True:
                for record in (await consumer.poll(wait_s=0.5)).records:
                    arrived(record.event.event_id)

    reading = asyncio.create_task(read())
    try:
        yield log.publish
    finally:
        reading.cancel()
        await asyncio.wait([reading])


@asynccontextmanager
async def bare(broker: Broker, topic: str, arrived: Arrived, *, codec: bool) -> AsyncIterator[Publish]:
    servers = {"bootstrap.servers": broker.bootstrap}
    producer = Producer(servers | PRODUCER)
    consumer = Consumer(servers | CONSUMER | {"group.id": "bare"})
    loop, stop, ids = asyncio.get_running_loop(), threading.Event(), dict[bytes, UUID]()
    begins = [consumer.get_watermark_offsets(TopicPartition(topic, n), 10) for n in range(PARTITIONS)]
    consumer.assign([TopicPartition(topic, n, end) for n, (_, end) in enumerate(begins)])

    def take(messages: list[bytes]) -> None:
        for value in messages:
            arrived(decode(value).event_id if codec else ids[value[:64]])

    def read() -> None:
        while not stop.is_set():
            first = consumer.poll(0.2)
            if first is not None:
                got = [first, *consumer.consume(500, 0)]
                loop.call_soon_threadsafe(take, [bytes(m.value() or b"") for m in got if not m.error()])

    def turn() -> None:
        while not stop.is_set():
            producer.poll(0.1)

    async def publish(events: list[Event]) -> None:
        done, left = loop.create_future(), len(events)

        def delivered(_error: object, _message: Message) -> None:
            nonlocal left
            left -= 1
            if not left:
                loop.call_soon_threadsafe(done.set_result, None)

        for event in events:
            value = encode(event) if codec else event.event_id.bytes * 4 + bytes(size)
            ids[value[:64]] = event.event_id
            producer.produce(topic, value, event.key, partition_of(event.key), on_delivery=delivered)
        await done

    size = 3400 if topic.endswith(Topic.AUDIO) else 1000
    threads = [threading.Thread(target=each, daemon=True) for each in (read, turn)]
    for thread in threads:
        thread.start()
    try:
        yield publish
    finally:
        stop.set()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        consumer.close()


KINDS = (("audio frame, 3.2 KB", frame, Topic.AUDIO), ("event, 1 KB", words, Topic.TRANSCRIPTION))
WAYS = ("bare client", "bare client, events encoded and decoded", "Kafka engine", "PostgreSQL engine")


class Watch:
    """When each message was sent, and how long it took to arrive."""

    def __init__(self) -> None:
        self.sent: dict[UUID, float] = {}
        self.delays: list[float] = []

    def arrived(self, event_id: UUID) -> None:
        if event_id in self.sent:
            self.delays.append(time.perf_counter() - self.sent.pop(event_id))

    async def drained(self) -> None:
        async with asyncio.timeout(60):
            while self.sent:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


async def send(publish: Publish, events: list[Event], watch: Watch) -> None:
    at = time.perf_counter()
    watch.sent |= {event.event_id: at for event in events}
    await publish(events)


async def measure(publish: Publish, make: Callable[[int], Event], watch: Watch, seconds: float) -> tuple[float, ...]:
    """p50 and p95 delay (ms), messages/s, processor time per message (µs)."""
    await send(publish, [make(number) for number in range(PACED)], watch)
    await watch.drained()
    watch.delays.clear()
    for number in range(int(seconds / 0.05)):
        await asyncio.gather(
            send(publish, [make(number * PACED + i) for i in range(PACED)], watch), asyncio.sleep(0.05)
        )
    await watch.drained()
    p50, p95 = np.quantile(watch.delays, [0.5, 0.95]) * 1000
    batches = [[make(at + i) for i in range(FAST)] for at in range(0, COUNT, FAST)]
    began, cpu = time.perf_counter(), time.process_time()
    for batch in batches:
        await send(publish, batch, watch)
    await watch.drained()
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    return p50, p95, COUNT / took, spent / COUNT * 1e6


async def run(postgres: str, broker: Broker, seconds: float) -> None:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(postgres, role=LOG_ROLE))
        in_postgres = await stack.enter_async_context(PostgresEventLog(database))
        in_kafka = await stack.enter_async_context(KafkaEventLog(broker.url, database))
        await stack.enter_async_context(KafkaEventLog(f"{broker.url}?topic.prefix=bare.", database))  # makes topics
        await asyncio.sleep(2)  # new partitions find their leaders
        for name, make, topic in KINDS:
            found: list[tuple[float, ...]] = []
            for label in WAYS:
                watch = Watch()
                if label.startswith("bare"):
                    way = bare(broker, f"bare.{topic}", watch.arrived, codec="encoded" in label)
                else:
                    way = engine(in_kafka if label.startswith("Kafka") else in_postgres, topic, watch.arrived)
                async with way as publish:
                    found.append(await measure(publish, make, watch, seconds))
                p50, p95, rate, cpu = found[-1]
                ratios = " | ".join(f"{cpu / bare_cpu:.2f}" for *_, bare_cpu in found[:2])
                if len(found) == 1:
                    ratios += " | –"
                print(f"| {name} | {label} | {p50:.1f} / {p95:.1f} | {rate:,.0f} | {cpu:.0f} | {ratios} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of paced sending")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="vori-bench-", dir="/tmp"))
    home.chmod(0o711)
    postgres = EmbeddedPostgres(home)
    try:
        migrate(postgres.start())
        with Broker(home / "kafka") as broker:
            print(f"{PACED} messages each 50 ms; then {COUNT:,} in batches of {FAST}, on {os.cpu_count()} cores.\n")
            print("| | | publish → consume ms p50 / p95 | messages/s | client CPU µs | × bare | × bare with codec |")
            print("|---|---|---|---|---|---|---|")
            asyncio.run(run(postgres.url, broker, asked.seconds))
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
