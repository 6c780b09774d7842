"""A Kafka that asks who is there, over TLS: what its clients need passes through VORI_EVENTLOG_URL."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.eventlog.engines import MEETINGS, WORDS, KafkaEngine, append, frame, gather, said, texts

from vori.database.connection import Database
from vori.errors import Unavailable
from vori.eventlog import kafka, open_eventlog
from vori.eventlog.broker import HOST, Broker, free_port
from vori.events import Topic
from vori.jvm import find_java

pytestmark = pytest.mark.server

SECRET = "correct-horse"
JAAS = (
    "org.apache.kafka.common.security.plain.PlainLoginModule required "
    f'username="node" password="{SECRET}" user_node="{SECRET}" user_vori="{SECRET}";'
)


def certify(folder: Path) -> Path:
    """A key for the node in `folder`/node.p12; the certificate, which its clients must know."""
    keytool, store, certificate = str(Path(find_java()).resolve().with_name("keytool")), "node.p12", "node.pem"
    access = ["-keystore", store, "-storetype", "PKCS12", "-storepass", SECRET, "-alias", "node"]
    make = ["-genkeypair", "-keyalg", "EC", "-dname", "CN=node", "-ext", f"san=ip:{HOST}", "-validity", "2"]
    folder.mkdir(parents=True)
    for command in ([keytool, *make, *access], [keytool, "-exportcert", "-rfc", "-file", certificate, *access]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / certificate


@pytest.fixture(scope="module")
def secured(home: Path) -> Iterator[tuple[Broker, Path]]:
    port, controller = free_port(), free_port()
    folder = home / "secured-kafka"
    certificate = certify(folder)
    settings = {
        "listeners": f"SASL_SSL://{HOST}:{port},CONTROLLER://{HOST}:{controller}",
        "advertised.listeners": f"SASL_SSL://{HOST}:{port}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
        "inter.broker.listener.name": "SASL_SSL",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": JAAS,
        "ssl.keystore.location": str(folder / "node.p12"),
        "ssl.keystore.password": SECRET,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(certificate),
    }
    with Broker(folder, port, controller, settings=settings) as broker:
        yield broker, certificate


def address(secured: tuple[Broker, Path], changes: dict[str, str] | None = None) -> str:
    broker, certificate = secured
    options = {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "ssl.ca.location": str(certificate)}
    options |= {"sasl.username": "vori", "sasl.password": SECRET} | (changes or {})
    return f"{broker.url}?{urlencode({name: value for name, value in options.items() if value})}"


async def test_sound_and_facts_go_through_tls_under_a_name_and_a_password(
    database: Database, database_url: str, secured: tuple[Broker, Path]
) -> None:
    async with KafkaEngine(database_url, address(secured)).open() as log:
        await log.publish([frame(MEETINGS[0], seq) for seq in range(3)])
        await append(database, log, said(MEETINGS[0], "hello"))
        async with log.consumer("sound", [Topic.AUDIO]) as sound, log.consumer("words", WORDS) as words:
            assert [record.offset for record in await gather(sound, 3)] == [0, 1, 2]
            assert texts(await gather(words, 1)) == ["hello"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sasl.password": "wrong"}, "Invalid username or password"),
        ({"ssl.ca.location": ""}, "certificate"),
        ({"security.protocol": "PLAINTEXT", "sasl.mechanism": "", "ssl.ca.location": ""}, ""),
    ],
    ids=["a wrong password", "an unknown certificate", "no TLS"],
)
async def test_what_the_node_does_not_accept_is_told(
    log_database: Database,
    secured: tuple[Broker, Path],
    changes: dict[str, str],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kafka, "ANSWER_S", 3.0)
    url = address(secured, changes)
    with pytest.raises(Unavailable) as caught:
        async with open_eventlog(url, log_database):
            pass
    assert reason in caught.value.message
    assert SECRET not in f"{caught.value}{caught.value.remedy}"
