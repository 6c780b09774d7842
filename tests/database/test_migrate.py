"""What is told of a database that VORI is given."""

from __future__ import annotations

import pytest
from psycopg.conninfo import make_conninfo

from vori.database.connection import APP_ROLE
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.database.migrate import migrate, server_at
from vori.errors import Unavailable


@pytest.mark.parametrize("use", [migrate, server_at])
@pytest.mark.parametrize("url", ["nonsense", "mysql://x", "postgresql://someone:secret@127.0.0.1:1/vori"])
def test_a_database_that_can_t_be_used_is_one_sentence(use: object, url: str) -> None:
    with pytest.raises(Unavailable, match="can't be used: ") as caught:
        use(url)  # type: ignore[operator]
    assert "VORI_DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in caught.value.message


def test_a_server_is_known_before_vori_has_been_there(postgres: EmbeddedPostgres) -> None:
    assert server_at(make_conninfo(postgres.url, user=SUPERUSER, dbname="postgres")).startswith("18")
    assert server_at(make_conninfo(postgres.url, user=APP_ROLE)).startswith("18")


def test_a_user_that_may_not_make_roles_is_told_so(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vori.database.migrate.ABOUT", "select '18', 180000, false, 0")
    with pytest.raises(Unavailable, match="may not create roles"):
        server_at(make_conninfo(postgres.url, user=APP_ROLE))
    monkeypatch.setattr("vori.database.migrate.ABOUT", "select '14', 140000, true, 2")
    with pytest.raises(Unavailable, match="too old"):
        server_at(make_conninfo(postgres.url, user=APP_ROLE))
