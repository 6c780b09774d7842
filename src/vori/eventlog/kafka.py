"""The event log in Apache Kafka: sound goes straight there, facts by way of the outbox in PostgreSQL and the relay."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from confluent_kafka import Consumer as Client
from confluent_kafka import KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ClusterMetadata, NewTopic, OffsetSpec  # type: ignore[attr-defined]

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.errors import Invalid, OurError, Unavailable
from vori.eventlog import Consumer, Partition, Record, SourcePosition, partition_of
from vori.eventlog.kafka_consumer import OUTBOX, KafkaConsumer, away, open_record
from vori.eventlog.postgres import PostgresEventLog, Row
from vori.eventlog.store import REBALANCE_S, Membership, read_members, read_passed
from vori.events import PARTITIONS, Event, Topic, encode

logger = structlog.get_logger()

RELAY = "relay"
"""The group that ships the outbox."""
LARGEST = 4 << 20
ANSWER_S = 10.0
SETTLING = {
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._TIMED_OUT,
    KafkaError._TRANSPORT,
}
"""What a request fails with while partitions find their leaders."""
VAGUE = {KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, KafkaError._TIMED_OUT}
"""What says only that a broker was not reached."""
PREFIX = "topic.prefix"
"""The one option in the URL that is VORI's own: what its topics' names begin with."""

PRODUCER: dict[str, Any] = {
    "acks": "all",
    "enable.idempotence": True,
    "enable.gapless.guarantee": True,
    "linger.ms": 5,
    "max.in.flight.requests.per.connection": 1,
    "delivery.timeout.ms": 30_000,
    "request.timeout.ms": 10_000,
    "message.max.bytes": LARGEST,
    "compression.type": "none",
    "queue.buffering.max.messages": 100_000,
    "queue.buffering.max.kbytes": 256 << 10,
    "reconnect.backoff.max.ms": 1000,
    "log_level": 2,
}
"""One request at a time: of several, the second can be taken while the first is refused because its partition has no
leader yet; the first is then refused for good as out of order, and librdkafka tells that it was delivered, though not
where. Whatever else may lead there, such a message counts as failed (`_Delivery`)."""
CONSUMER: dict[str, Any] = {
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "auto.offset.reset": "earliest",
    "allow.auto.create.topics": False,
    "fetch.min.bytes": 1,
    "fetch.wait.max.ms": 500,
    "fetch.message.max.bytes": LARGEST,
    "fetch.queue.backoff.ms": 50,
    "queued.max.messages.kbytes": 16 << 10,
    "reconnect.backoff.max.ms": 1000,
    "log_level": 2,
}
LATEST, EARLIEST = OffsetSpec.latest(), OffsetSpec.earliest()  # type: ignore[no-untyped-call]

TOPIC: Mapping[str, str] = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "max.message.bytes": str(LARGEST),
}
"""Nothing goes by age: `prune` deletes what every group has passed."""


class KafkaEventLog:
    """`database` acts as the log's role: it holds the outbox, the groups' progress and the sources' positions.

    Members of a group share the partitions by PostgreSQL's locks, as with its own engine, so a dead one is replaced at
    once and fenced off; Kafka's group protocol isn't needed. `publish` may write part of a batch before it fails.
    """

    def __init__(self, url: str, database: Database, *, rebalance_s: float = REBALANCE_S) -> None:
        self._options, self._prefix = parse_url(url)
        self._database = database
        self._rebalance_s = rebalance_s
        self.outbox = PostgresEventLog(database, rebalance_s=rebalance_s)
        self._closing = threading.Event()
        self._admin = _Admin(self._options)
        self._producer: Producer = _made(Producer, self._options | PRODUCER)
        self._failed: list[Producer] = []
        """They take nothing more; what they still have to tell of earlier messages is heard."""
        self._turning = threading.Thread(target=self._turn, name="kafka-deliveries", daemon=True)

    async def __aenter__(self) -> KafkaEventLog:
        await asyncio.to_thread(self._prepare)
        self._turning.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await asyncio.to_thread(self._turning.join)
        await self.outbox.__aexit__()

    async def append(self, tx: Transaction, event: Event) -> None:
        await self.outbox.append(tx, event)

    async def publish(self, events: Sequence[Event], positions: Sequence[SourcePosition] = ()) -> None:
        await self._produce([(event.topic, event.key, encode(event), None) for event in events])
        if positions:
            await self.outbox.publish([], positions)

    async def ship(self, rows: Iterable[Row]) -> None:
        """Send events of the outbox; all are durable when this returns. Raises `Unavailable`."""
        await self._produce([(row.partition.topic, row.key, row.value, row.offset) for row in rows])

    async def source_position(self, source: str) -> int:
        return await self.outbox.source_position(source)

    @asynccontextmanager
    async def consumer(self, group: str, topics: Sequence[Topic]) -> AsyncIterator[Consumer]:
        membership = Membership(self._database, _stored(group), topics, rebalance_s=self._rebalance_s)
        consumer = KafkaConsumer(membership, self._client(), self._prefix)
        try:
            yield consumer
        finally:
            try:
                await membership.leave()
            finally:
                await consumer.close()

    async def read(self, topic: Topic, key: str) -> AsyncIterator[Record]:
        partition = Partition(topic, partition_of(key))
        await self._until_relayed(partition)
        begin = (await self._offsets([partition], EARLIEST))[partition]
        end = (await self._offsets([partition], LATEST))[partition]
        for record in await asyncio.to_thread(self._read_all, partition, begin, end):
            if record.event.key == key:
                yield record

    async def progress(self, group: str) -> dict[Partition, tuple[int, int]]:
        if group == RELAY:
            return await self.outbox.progress(RELAY)
        async with self._database.transaction() as tx:
            passed = await read_passed(tx, _stored(group))
        ends = await self._offsets(passed, LATEST)
        return {partition: (at, ends[partition]) for partition, at in passed.items()}

    async def members(self, group: str) -> int:
        if group == RELAY:
            return await self.outbox.members(RELAY)
        async with self._database.transaction() as tx:
            return await read_members(tx, _stored(group))

    async def prune(self, topic: Topic, *, groups: Sequence[str], keep_s: float = 0.0) -> int:
        async with self._database.transaction() as tx:
            passed = [await read_passed(tx, _stored(group)) for group in sorted(set(groups))]
        await self.outbox.prune(topic, groups=[RELAY])
        lanes = [Partition(topic, number) for number in range(PARTITIONS)]
        common = [lane for lane in lanes if all(lane in each for each in passed)]
        ends = await self._offsets(common, LATEST)
        until = {lane: min([ends[lane], *(each[lane] for each in passed)]) for lane in common}
        if keep_s > 0:
            since = await self._offsets(until, OffsetSpec.for_timestamp(round((time.time() - keep_s) * 1000)))
            until = {lane: min(at, since[lane] if since[lane] >= 0 else ends[lane]) for lane, at in until.items()}
        begins = await self._offsets(until, EARLIEST)
        until = {lane: at for lane, at in until.items() if at > begins[lane]}
        if until:
            marks = [TopicPartition(self._prefix + lane.topic, lane.number, at) for lane, at in until.items()]
            await asyncio.to_thread(self._settled, self._admin.client.delete_records, marks)
        return sum(at - begins[lane] for lane, at in until.items())

    def _prepare(self) -> None:
        """Blocks. Sees that the topics are there as they must be. Raises `Unavailable`, `Invalid`."""
        there = self._admin.look().topics
        names = [self._prefix + topic for topic in Topic]
        missing = [NewTopic(name, PARTITIONS, config=dict(TOPIC)) for name in names if name not in there]
        for future in self._admin.client.create_topics(missing).values() if missing else ():
            try:
                future.result(ANSWER_S)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                    raise away(error) from error
        until = time.monotonic() + ANSWER_S
        while any(name not in there for name in names) and time.monotonic() < until:  # made, and not told of yet
            time.sleep(0.05)
            there = self._admin.look().topics
        for name in names:
            if name in there and len(there[name].partitions) != PARTITIONS:
                raise Invalid(
                    f"Kafka's topic {name} has {len(there[name].partitions)} partitions; VORI needs {PARTITIONS}.",
                    remedy=f"Set {PREFIX} in VORI_EVENTLOG_URL to have topics of your own.",
                )

    async def _produce(self, messages: Sequence[tuple[Topic, str, bytes, int | None]]) -> None:
        """Send all and await the broker's word for each. Raises `Unavailable`."""
        if not messages:
            return
        delivery = _Delivery(len(messages))
        try:
            for topic, key, value, outbox in messages:
                self._producer.produce(
                    self._prefix + topic,
                    value,
                    key,
                    partition_of(key),
                    on_delivery=delivery,
                    headers=[(OUTBOX, str(outbox).encode())] if outbox is not None else None,
                )
        except BufferError as error:
            raise Unavailable("Kafka takes messages too slowly.", remedy="Publish them again.") from error
        except KafkaException as error:
            self._renew(error.args[0])
            if error.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE:
                raise OurError(f"An event is larger than {LARGEST} bytes.") from error
            raise away(error) from error
        failure = await delivery.settled
        if failure is not None:
            self._renew(failure)
            raise away(KafkaException(failure))

    def _renew(self, error: KafkaError) -> None:
        """A producer that had to leave a message out sends none of those behind it, nor any other."""
        if error.fatal() or error.code() == KafkaError._FATAL:
            logger.warning("kafka.producer_renewed", reason=error.str())
            self._failed.append(self._producer)
            self._producer = _made(Producer, self._options | PRODUCER)

    def _turn(self) -> None:
        """In a thread of its own: hear what became of messages."""
        while not self._closing.is_set():
            self._producer.poll(0.1)
            for producer in list(self._failed):
                producer.poll(0)
                if not len(producer):
                    self._failed.remove(producer)

    def _client(self) -> Client:
        client: Client = _made(Client, self._options | CONSUMER | {"group.id": f"{self._prefix}vori"})
        return client

    def _read_all(self, partition: Partition, begin: int, end: int) -> list[Record]:
        """Blocks."""
        client, name = self._client(), self._prefix + partition.topic
        try:
            client.assign([TopicPartition(name, partition.number, begin)])
            records: list[Record] = []
            while begin + len(records) < end:
                message = client.poll(ANSWER_S)
                if message is None or message.error():
                    raise Unavailable("Kafka doesn't answer.", remedy="Try again soon.")
                records.append(open_record(partition, message))
            return records
        except KafkaException as error:
            raise away(error) from error
        finally:
            client.close()

    async def _until_relayed(self, partition: Partition) -> None:
        """Wait for what has been appended so far. Raises `Unavailable` when nobody relays."""
        until, end = time.monotonic() + ANSWER_S, await self.outbox.end_of(partition)
        while (await self.outbox.progress(RELAY)).get(partition, (0, 0))[0] < end:
            if time.monotonic() > until:
                raise Unavailable("The outbox isn't relayed to Kafka.", remedy="Start the role `relay`.")
            await asyncio.sleep(0.02)

    async def _offsets(self, lanes: Iterable[Partition], spec: OffsetSpec) -> dict[Partition, int]:
        marks = {TopicPartition(self._prefix + lane.topic, lane.number): spec for lane in lanes}
        if not marks:
            return {}
        found = await asyncio.to_thread(self._settled, self._admin.client.list_offsets, marks)
        return {
            Partition(Topic(mark.topic.removeprefix(self._prefix)), mark.partition): result.offset
            for mark, result in found.items()
        }

    def _settled(self, ask: Callable[[Any], Mapping[TopicPartition, Any]], what: Any) -> dict[TopicPartition, Any]:
        """Blocks. What became of a request, tried again while partitions find their leaders. Raises `Unavailable`."""
        until = time.monotonic() + ANSWER_S
        while True:
            try:
                return {mark: future.result(ANSWER_S) for mark, future in ask(what).items()}
            except KafkaException as error:
                if error.args[0].code() not in SETTLING or time.monotonic() > until:
                    raise away(error) from error
                time.sleep(0.1)
            except TimeoutError as error:
                raise away(error) from error


def brokers_at(url: str) -> int:
    """Blocks. How many brokers the Kafka at `url` has. Raises `Invalid`, `Unavailable`."""
    options, _ = parse_url(url)
    return len(_Admin(options).look().brokers)


class _Admin:
    """Asks the cluster about itself. Calls block."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._told: deque[KafkaError] = deque(maxlen=10)
        """Why it could not be reached, in its client's words, the last ones last."""
        self.client: AdminClient = _made(AdminClient, {**options, "log_level": 2, "error_cb": self._told.append})

    def look(self) -> ClusterMetadata:
        """Its brokers and topics. Raises `Unavailable`."""
        try:
            return self.client.list_topics(timeout=ANSWER_S)
        except KafkaException as error:
            self.client.poll(0)
            reasons = [told for told in self._told if told.code() not in VAGUE]
            raise away(KafkaException(reasons[-1]) if reasons else error) from error


class _Delivery:
    """Counts the broker's words for a batch; `settled` is the first failure, or None. Called in another thread."""

    def __init__(self, count: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._left = count
        self._failure: KafkaError | None = None
        self.settled: asyncio.Future[KafkaError | None] = self._loop.create_future()

    def __call__(self, failure: KafkaError | None, message: Message) -> None:
        if failure is None and message.offset() is None:
            failure = KafkaError(KafkaError._FAIL, "It doesn't say where a message lies, so it may be missing")
        self._failure = self._failure or failure
        self._left -= 1
        if not self._left and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if not self.settled.done():
            self.settled.set_result(self._failure)


def _stored(group: str) -> str:
    """A group's name beside its progress: offsets of another engine's log mean nothing here."""
    return f"kafka:{group}"


def parse_url(url: str) -> tuple[dict[str, Any], str]:
    """librdkafka's options, and what topics' names begin with. Raises `Invalid`."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    prefix = options.pop(PREFIX, "")
    if not re.fullmatch(r"[\w.-]+:\d+(,[\w.-]+:\d+)*", parts.netloc) or parts.path.strip("/"):
        raise Invalid(
            "VORI_EVENTLOG_URL isn't an address of Kafka.",
            remedy="Write it like kafka://host:9092,other:9092; options (sasl.username=…) follow after a `?`.",
        )
    return options | {"bootstrap.servers": parts.netloc, "client.id": f"vori-{new_id()}"}, prefix


def _made(kind: Any, options: Mapping[str, Any]) -> Any:
    """A client of Kafka's. Raises `Invalid`."""
    try:
        return kind(dict(options))
    except (KafkaException, ValueError, TypeError) as error:
        named = re.search(r'property:? "([\w.]+)"', str(error))
        about = f" `{named[1]}`" if named else ""
        raise Invalid(
            f"VORI_EVENTLOG_URL has an option{about} that Kafka's client doesn't take.",
            remedy="Its options are those of librdkafka, for example security.protocol=SASL_SSL.",
        ) from error
