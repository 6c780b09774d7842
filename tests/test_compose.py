"""deploy/compose.yaml, as far as it can be judged without a Docker engine: against VORI's own settings and commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer.main
import yaml

from vori.cli.main import app
from vori.eventlog.broker import SETTINGS
from vori.settings import Settings
from vori.wiring import ROLES

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return found


def test_each_role_has_a_container_that_runs_it(services: dict[str, dict[str, Any]]) -> None:
    ours = {name: service for name, service in services.items() if service["image"] == "vori"}
    assert ours.keys() == {*ROLES, "migrate"}
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, service in ours.items():
        assert service["command"] == ([name] if name == "migrate" else ["run", name])
        assert service["command"][0] in commands


def test_what_is_set_is_what_vori_reads(services: dict[str, dict[str, Any]]) -> None:
    environment = services["gateway"]["environment"]
    assert all(services[name]["environment"] == environment for name in ROLES)
    fields = {name.removeprefix("VORI_").lower(): value for name, value in environment.items()}
    assert fields.keys() <= Settings.model_fields.keys()
    Settings(**fields)


def test_servers_are_published_on_loopback_only_and_where_vori_looks_for_them(
    services: dict[str, dict[str, Any]],
) -> None:
    published = {}
    for name, service in services.items():
        for port in service.get("ports", ()):
            host, outside, inside = port.split(":")
            assert host == "127.0.0.1", name
            published[f"{host}:{outside}"] = (name, inside)
    urls = {name: value for name, value in services["gateway"]["environment"].items() if name.endswith("_URL")}
    found = {name: published[urlsplit(url).netloc.rpartition("@")[2]] for name, url in urls.items()}
    assert found == {
        "VORI_DATABASE_URL": ("postgres", "5432"),
        "VORI_EVENTLOG_URL": ("kafka", "59092"),
        "VORI_LIVEFEED_URL": ("redis", "6379"),
    }
    kafka, database = services["kafka"]["environment"], urlsplit(urls["VORI_DATABASE_URL"])
    assert kafka["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{urlsplit(urls['VORI_EVENTLOG_URL']).netloc}"
    assert [database.username, database.password, database.path.strip("/")] == [
        services["postgres"]["environment"][f"POSTGRES_{what}"] for what in ("USER", "PASSWORD", "DB")
    ]


def test_the_servers_are_those_of_the_tests(services: dict[str, dict[str, Any]]) -> None:
    pom = (DEPLOY / "jvm" / "pom.xml").read_text()
    version = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([\d.]+)<", pom)
    assert version
    assert services["kafka"]["image"] == f"apache/kafka:{version[1]}"
    kafka = services["kafka"]["environment"]
    for name in ("auto.create.topics.enable", "message.max.bytes", "process.roles", "node.id"):
        assert kafka[f"KAFKA_{name.upper().replace('.', '_')}"] == SETTINGS[name]
    for name, service in services.items():
        assert re.fullmatch(r"vori|[\w/]+:\d+(\.\d+)+", service["image"]), f"{name} names no version"


def test_what_is_waited_for_is_there_and_can_be_waited_for(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert (how["condition"] == "service_healthy") == ("healthcheck" in services[other])


def test_the_image_is_made_of_files_that_are_there() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = [
        name for line in lines if line.startswith("COPY ") and "--from=" not in line for name in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
