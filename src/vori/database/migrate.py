"""Bring the tables to the newest migration. The only way tables come to be."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, pool, text

from vori.database.connection import APP_ROLE, LOG_ROLE

OWNER = "vori_owner"
"""The embedded server's role that owns the tables."""


def migrate(url: str) -> None:
    """Apply every migration not yet applied to the database at `url`. Safe to run at each start, and twice at once."""
    import psycopg

    embedded = "user" not in conninfo_to_dict(url)
    conninfo = psycopg.conninfo.make_conninfo(url, user=OWNER) if embedded else url
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(hashtext('vori.migrate'))"))
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if embedded:
            for role in (APP_ROLE, LOG_ROLE):
                connection.execute(text(f"alter role {role} login"))
        connection.commit()
        connection.execute(text("select pg_advisory_unlock(hashtext('vori.migrate'))"))
        connection.commit()
