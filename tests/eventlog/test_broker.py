"""The Kafka node for development and tests: it answers, keeps what it was given, and says what it lacks."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from vori.errors import Conflict, Unavailable
from vori.eventlog.broker import Broker
from vori.jvm import SOURCE, find_java, resolve_jars

pytestmark = pytest.mark.server

NOWHERE = {"PATH": ""}
EMPTY_POM = """\
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>nothing</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <profiles><profile><id>kafka</id></profile></profiles>
</project>
"""


def make_topic(broker: Broker) -> str:
    topic = f"test-{uuid4()}"
    admin = AdminClient({"bootstrap.servers": broker.bootstrap})
    admin.create_topics([NewTopic(topic, 1)])[topic].result(30)
    return topic


def produce(broker: Broker, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": broker.bootstrap, "acks": "all", "message.max.bytes": 4 << 20})
    producer.produce(topic, value)
    assert producer.flush(30) == 0


def read(broker: Broker, topic: str) -> bytes | None:
    """The first message of the topic."""
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": topic})
    try:
        consumer.assign([TopicPartition(topic, 0, 0)])
        message = consumer.poll(30)
        assert message is not None
        assert message.error() is None
        return message.value()
    finally:
        consumer.close()


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def java_home() -> str:
    return str(Path(find_java()).resolve().parents[1])


def test_it_takes_an_event_of_two_megabytes_and_gives_it_back(kafka_broker: Broker) -> None:
    assert kafka_broker.url == f"kafka://127.0.0.1:{kafka_broker.port}"
    topic = make_topic(kafka_broker)
    event = os.urandom(2 << 20)
    produce(kafka_broker, topic, event)
    assert read(kafka_broker, topic) == event


def test_it_listens_on_loopback_alone(kafka_broker: Broker) -> None:
    for port in (kafka_broker.port, kafka_broker.controller_port):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.2", port))


def test_what_it_acknowledged_is_there_after_a_kill_and_a_start_on_the_same_port(tmp_path: Path) -> None:
    with Broker(tmp_path / "카프카") as broker:
        topic, url, first = make_topic(broker), broker.url, broker.pid
        produce(broker, topic, b"said")
        broker.kill()
        assert not broker.running
        assert refuses(broker.port)
        starting = Thread(target=broker.start)
        starting.start()
        starting.join()
        assert read(broker, topic) == b"said"
        assert (broker.url, broker.running) == (url, True)
        assert broker.pid != first
        broker.stop()
        broker.start()
        assert read(broker, topic) == b"said"
        again = broker.pid
        broker.start()
        assert broker.pid == again, "a node that runs is left alone"
    assert not broker.running
    assert refuses(broker.port)


def test_it_ends_with_its_parent_and_can_be_started_at_once(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from vori.eventlog.broker import Broker
from vori.logs import configure
configure("error")
broker = Broker(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
broker.start()
print(broker.pid, flush=True)
time.sleep(600)
"""
    broker = Broker(tmp_path / "kafka")
    command = [sys.executable, "-c", program, str(broker.folder), str(broker.port), str(broker.controller_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        try:
            pid = int(parent.stdout.readline())
        finally:
            parent.kill()
    with broker:
        assert broker.pid != pid
        until = time.monotonic() + 5
        while Path(f"/proc/{pid}").exists():  # its lock is free a moment before its last thread has ended
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_folder_has_one_node(kafka_broker: Broker) -> None:
    with pytest.raises(Conflict, match=rf"already running on .* \(process {kafka_broker.pid}\)"):
        Broker(kafka_broker.folder).start()
    assert kafka_broker.running


def test_a_taken_port_is_named(kafka_broker: Broker, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=f"Port {kafka_broker.port} is not free") as refused:
        Broker(tmp_path / "kafka", kafka_broker.port).start()
    assert refused.value.code == "port_taken"


def test_a_node_that_can_t_start_says_why(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "kafka")
    broker.data.mkdir(parents=True)
    (broker.data / "formatted").touch()
    with pytest.raises(Unavailable, match=r"Kafka did not start: .*meta\.properties") as refused:
        broker.start()
    assert str(broker.log_file) in refused.value.remedy
    assert not broker.running


def test_without_java_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Java is not installed") as missing:
        Broker(tmp_path / "kafka", environment=NOWHERE).start()
    assert "apt-get install default-jre-headless" in missing.value.remedy


def test_an_old_java_is_refused(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    with pytest.raises(Unavailable, match="is version 11; 17 is needed"):
        find_java({"JAVA_HOME": str(tmp_path), "PATH": ""})


def test_without_maven_it_says_what_to_install(tmp_path: Path) -> None:
    shutil.copy(SOURCE / "pom.xml", tmp_path)
    with pytest.raises(Unavailable, match="Maven is not installed") as missing:
        Broker(tmp_path / "kafka", jvm=tmp_path, environment=NOWHERE | {"JAVA_HOME": java_home()}).start()
    assert "apt-get install maven" in missing.value.remedy
    assert "make setup-dev" in missing.value.remedy


def test_without_a_checkout_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"there is no .*pom\.xml"):
        resolve_jars("kafka", source=tmp_path)


def test_what_maven_complains_about_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "pom.xml").write_text("<project>")
    with pytest.raises(Unavailable, match=r"Maven could not fetch the jars of kafka: .+") as failed:
        resolve_jars("kafka", source=tmp_path)
    assert str(tmp_path / "pom.xml") in failed.value.remedy


def test_jars_are_fetched_once_and_again_when_the_pom_has_changed(tmp_path: Path) -> None:
    (tmp_path / "pom.xml").write_text(EMPTY_POM)
    folder = resolve_jars("kafka", source=tmp_path)
    (folder / "left-1.0.jar").touch()
    assert resolve_jars("kafka", source=tmp_path, environment=NOWHERE) == folder
    assert (folder / "left-1.0.jar").exists()
    later = time.time() + 10
    os.utime(tmp_path / "pom.xml", (later, later))
    with pytest.raises(Unavailable):
        resolve_jars("kafka", source=tmp_path, environment=NOWHERE)
    assert not (folder / "left-1.0.jar").exists(), "an old version's jar would stay on the classpath"


def test_vori_dev_kafka_says_where_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    port = Broker(tmp_path).port
    command = [sys.executable, "-m", "vori", "dev", "kafka", "--folder", str(tmp_path / "kafka"), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline() == "Kafka is starting…\n"
            assert running.stdout.readline() == f"Kafka is ready: VORI_EVENTLOG_URL=kafka://127.0.0.1:{port}\n"
            assert not refuses(port)
            running.send_signal(signal.SIGINT)
            _, complaints = running.communicate(timeout=30)
        finally:
            running.kill()
    assert (running.returncode, complaints) == (0, "")
    assert refuses(port)
    assert (tmp_path / "kafka" / "data" / ".kafka_cleanshutdown").exists()
