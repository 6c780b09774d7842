"""Bring the tables to the newest migration. The only way tables come to be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vori.database.connection import APP_ROLE, LOG_ROLE
from vori.errors import Unavailable

OWNER = "vori_owner"
"""The embedded server's role that owns the tables."""

OLDEST = 150_000
ABOUT = """
select current_setting('server_version'), current_setting('server_version_num')::int,
  (select rolcreaterole or rolsuper from pg_roles where rolname = current_user),
  (select count(*) from pg_roles where rolname in ('vori_app', 'vori_log'))
"""
FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Apply every migration not yet applied to the database at `url`. Safe at each start, and twice at once.

    Raises `Unavailable`.
    """
    with _told_plainly():
        embedded = "user" not in conninfo_to_dict(url)
        conninfo = make_conninfo(url, user=OWNER) if embedded else url
        newest = _is_newest(conninfo)
    if not newest:
        _upgrade(conninfo, embedded)


def server_at(url: str) -> str:
    """The version of the PostgreSQL at `url`, migrated or not. Raises `Unavailable` if VORI can't live there."""
    with _told_plainly(), psycopg.connect(url) as connection:
        row = connection.execute(ABOUT).fetchone()
    assert row is not None
    version, number, may_make_roles, roles = row
    if number < OLDEST:
        raise Unavailable(f"PostgreSQL {version} is too old.", remedy="VORI needs PostgreSQL 15 or newer.")
    if not (may_make_roles or roles == 2):
        raise Unavailable(
            "The user in VORI_DATABASE_URL may not create roles, and VORI's are not there yet.",
            remedy="As an administrator: alter role … createrole.",
        )
    return str(version)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise Unavailable(
            f"The database can't be used: {str(error).strip().splitlines()[0]}",
            remedy="Check VORI_DATABASE_URL: postgresql://user:password@host:port/name.",
        ) from error


def _is_newest(conninfo: str) -> bool:
    """Told without Alembic, which takes longer to import than all else that a start does."""
    newest = max(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))
    with psycopg.connect(conninfo) as connection:
        if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
            return False
        return connection.execute("select version_num from alembic_version").fetchone() == (newest,)


def _upgrade(conninfo: str, embedded: bool) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, pool, text

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(hashtext('vori.migrate'))"))
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if embedded:
            for role in (APP_ROLE, LOG_ROLE):
                connection.execute(text(f"alter role {role} login"))
        connection.commit()
        connection.execute(text("select pg_advisory_unlock(hashtext('vori.migrate'))"))
        connection.commit()
