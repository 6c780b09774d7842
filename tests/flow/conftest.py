"""The two ways to run that every whole meeting is tried in; no test asks which one it has."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from tests.livefeed.redis_server import RedisServer

from vori.eventlog.broker import Broker

Profile = Callable[[], dict[str, str]]
"""The environment of one more VORI."""


@pytest.fixture(scope="session")
def kafka_and_redis(kafka_broker: Broker, redis_server: RedisServer) -> Profile:
    def environment() -> dict[str, str]:
        url = f"{kafka_broker.url}?topic.prefix=f{uuid4().hex[:8]}."
        return {"VORI_EVENTLOG_URL": url, "VORI_LIVEFEED_URL": redis_server.url}

    return environment


@pytest.fixture(scope="session", params=["embedded", "kafka and redis"])
def profile(request: pytest.FixtureRequest) -> Profile:
    if request.param == "embedded":
        return dict
    in_kafka: Profile = request.getfixturevalue("kafka_and_redis")
    return in_kafka
