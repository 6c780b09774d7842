"""The table of links to minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from vori.database.connection import Transaction
from vori.errors import NotFound
from vori.minutes.share.model import GUESSES, LOCKED_FOR, Password, Share

COLUMNS = """share_id, meeting_id, created_at, expires_at, password_salt, password_hash, revoked_at, wrong,
  locked_until"""


async def add_share(tx: Transaction, share: Share, token_hash: bytes) -> None:
    await tx.execute(
        """insert into minutes_share (share_id, workspace_id, meeting_id, token_hash, password_salt, password_hash,
                                      created_at, expires_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            share.share_id,
            tx.workspace_id,
            share.meeting_id,
            token_hash,
            share.password.salt if share.password else None,
            share.password.digest if share.password else None,
            share.created_at,
            share.expires_at,
        ),
    )


async def read_shares(tx: Transaction, meeting_id: UUID, at: datetime) -> list[Share]:
    """The links that open a meeting's minutes at that time, the newest first."""
    rows = await tx.fetch_all(
        f"select {COLUMNS} from minutes_share where meeting_id = %s order by created_at desc, share_id", (meeting_id,)
    )
    return [share for share in map(_share, rows) if share.open_at(at)]


async def read_share(tx: Transaction, token_hash: bytes) -> Share | None:
    row = await tx.fetch_one(f"select {COLUMNS} from minutes_share where token_hash = %s", (token_hash,))
    return _share(row) if row else None


async def revoke_share(tx: Transaction, meeting_id: UUID, share_id: UUID, at: datetime) -> None:
    """From now on it opens nothing. Raises `NotFound` when that meeting has none such."""
    done = await tx.execute(
        """update minutes_share set revoked_at = coalesce(revoked_at, %s) where share_id = %s and meeting_id = %s""",
        (at, share_id, meeting_id),
    )
    if not done.rowcount:
        raise NotFound("There is no such link.", remedy="`GET …/minutes/shares` lists those there are.")


async def take_guess(tx: Transaction, share_id: UUID, at: datetime) -> bool:
    """Note that a password is about to be tried; False while the link is locked. Noted before it is known whether it
    is right, so that many at once are no way round the limit.
    """
    done = await tx.execute(
        """update minutes_share
           set wrong = case when wrong + 1 >= %(guesses)s then 0 else wrong + 1 end,
               locked_until = case when wrong + 1 >= %(guesses)s then %(until)s else null end
           where share_id = %(share)s and (locked_until is null or locked_until <= %(at)s)""",
        {"share": share_id, "guesses": GUESSES, "at": at, "until": at + LOCKED_FOR},
    )
    return done.rowcount == 1


async def forget_guesses(tx: Transaction, share_id: UUID) -> None:
    """The password was right."""
    await tx.execute("update minutes_share set wrong = 0, locked_until = null where share_id = %s", (share_id,))


def _share(row: dict[str, Any]) -> Share:
    salt, digest = row.pop("password_salt"), row.pop("password_hash")
    return Share(**row, password=Password(bytes(salt), bytes(digest)) if salt is not None else None)
