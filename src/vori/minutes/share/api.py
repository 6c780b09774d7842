"""Links to minutes over HTTP: make, list and revoke them; and what they open, for anyone who has one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.errors import Forbidden, NotFound, TooMany
from vori.meetings.store import read_meeting
from vori.minutes.share.model import (
    LOCKED_FOR,
    Share,
    is_right,
    keep_password,
    make_token,
    token_hash,
    workspace_of,
)
from vori.minutes.share.show import SharedMinutes
from vori.minutes.share.store import (
    add_share,
    forget_guesses,
    read_share,
    read_shares,
    revoke_share,
    take_guess,
)
from vori.minutes.store import read_minutes
from vori.people.api import CurrentWorkspace

GivenPassword = Annotated[SecretStr, Field(min_length=1, max_length=200)]


class NewShare(BaseModel):
    """How a link shall be."""

    model_config = ConfigDict(extra="forbid")
    days: Literal[1, 7, 30] = Field(default=7, description="How long it opens the minutes.")
    password: Annotated[SecretStr, Field(min_length=6, max_length=200)] | None = Field(
        default=None, description="Whoever opens it must know this, too."
    )


class ShareOut(BaseModel):
    """A link that opens these minutes."""

    share_id: UUID
    created_at: datetime
    expires_at: datetime
    has_password: bool
    locked: bool
    """Too many wrong passwords were tried just now."""

    @classmethod
    def of(cls, share: Share, at: datetime) -> ShareOut:
        return cls(
            share_id=share.share_id,
            created_at=share.created_at,
            expires_at=share.expires_at,
            has_password=share.password is not None,
            locked=share.locked_at(at),
        )


class MadeShare(ShareOut):
    """A new link. Its token is told this once: only its hash is kept."""

    token: str


class Opening(BaseModel):
    """A link's token, and its password if it has one. Both travel in the body, so that no address has them."""

    model_config = ConfigDict(extra="forbid")
    token: Annotated[SecretStr, Field(max_length=200)]
    password: GivenPassword | None = None


def routes(database: Database) -> APIRouter:
    router = APIRouter(tags=["minutes"])
    _add_sharing(router, database)
    _add_opening(router, database)
    return router


def _add_sharing(router: APIRouter, database: Database) -> None:
    path = "/api/meetings/{meeting_id}/minutes/shares"

    @router.post(path, status_code=201)
    async def share(meeting_id: UUID, asked: NewShare, workspace_id: CurrentWorkspace) -> MadeShare:
        """Make a link to a meeting's minutes. Whoever has it reads them as they stand until it ends or is revoked."""
        password = asked.password.get_secret_value() if asked.password else None
        kept = await asyncio.to_thread(keep_password, password) if password else None
        at, token = now(), make_token(workspace_id)
        made = Share(new_id(), meeting_id, at, at + timedelta(days=asked.days), kept)
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            written = await read_minutes(tx, meeting_id)
            if written is None or not written.version:
                raise NotFound(
                    "The minutes of this meeting aren't written yet.",
                    remedy="They can be shared once the meeting has ended.",
                    code="minutes_not_ready",
                )
            await add_share(tx, made, token_hash(token))
        return MadeShare(**dict(ShareOut.of(made, at)), token=token)

    @router.get(path)
    async def shares(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[ShareOut]:
        """The links that open a meeting's minutes now, the newest first."""
        at = now()
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return [ShareOut.of(share, at) for share in await read_shares(tx, meeting_id, at)]

    @router.delete(path + "/{share_id}", status_code=204)
    async def revoke(meeting_id: UUID, share_id: UUID, workspace_id: CurrentWorkspace) -> None:
        """Revoke a link: from now on it opens nothing."""
        async with database.transaction(workspace_id) as tx:
            await revoke_share(tx, meeting_id, share_id, now())


def _add_opening(router: APIRouter, database: Database) -> None:
    @router.post("/api/shared/minutes")
    async def opened(asked: Opening, response: Response) -> SharedMinutes:
        """Read minutes by a link. Anyone may ask: who has the token needs no other right.

        One that never was, has expired or is revoked gets the same answer (404). `password_needed` and
        `wrong_password` are 403; after five wrong ones in a row the link is locked for a quarter of an hour (429).
        """
        response.headers["cache-control"] = "no-store"
        token = asked.token.get_secret_value()
        workspace_id = workspace_of(token)
        if workspace_id is None:
            raise _nothing()
        async with database.transaction(workspace_id) as tx:
            share = await read_share(tx, token_hash(token))
        if share is None or not share.open_at(now()):
            raise _nothing()
        await _let_in(database, workspace_id, share, asked.password.get_secret_value() if asked.password else None)
        async with database.transaction(workspace_id) as tx:
            written = await read_minutes(tx, share.meeting_id)
        if written is None or not written.version:
            raise _nothing()
        return SharedMinutes.of(written, share.expires_at)


async def _let_in(database: Database, workspace_id: UUID, share: Share, password: str | None) -> None:
    if share.password is None:
        return
    if password is None:
        raise Forbidden(
            "These minutes ask for a password.",
            remedy="It comes from whoever sent you the link.",
            code="password_needed",
        )
    async with database.transaction(workspace_id) as tx:
        may_try = await take_guess(tx, share.share_id, now())
    if not may_try:
        raise TooMany(
            "Too many wrong passwords were tried with this link.",
            remedy=f"Try again in {LOCKED_FOR.seconds // 60} minutes.",
            code="link_locked",
        )
    if not await asyncio.to_thread(is_right, password, share.password):
        raise Forbidden("This isn't the password.", remedy="Mind capital letters.", code="wrong_password")
    async with database.transaction(workspace_id) as tx:
        await forget_guesses(tx, share.share_id)


def _nothing() -> NotFound:
    return NotFound(
        "This link opens nothing, or does no longer.",
        remedy="Ask whoever sent it for a new one.",
        code="no_such_link",
    )
