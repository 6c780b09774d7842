"""Which workspace a request acts for, and who asks: in one-person mode as told. And who the workspace's members are."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.database.text import LINE, Line
from vori.errors import Conflict, Invalid
from vori.people.model import LOCAL_WORKSPACE, Member, same_name, taken_by
from vori.people.owner import COOKIE_S, cookie_name, fits
from vori.people.store import add_member, change_member, lock_members, read_members, remove_member

MEMBERS = 200
"""A workspace has no more: each of their names is looked for in what is said."""

NAME_LENGTH = 80
Calling = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)]


def current_workspace() -> UUID:
    return LOCAL_WORKSPACE


CurrentWorkspace = Annotated[UUID, Depends(current_workspace)]


def current_person(
    vori_person: Annotated[
        str | None, Header(description="Who asks, by the name that tickets are assigned to; percent-encoded UTF-8.")
    ] = None,
) -> str | None:
    """Who asks, as their browser calls them; None: nobody said. It decides what is shown, never what is allowed.

    Raises `Invalid` for what is no name.
    """
    if vori_person is None:
        return None
    try:
        name = unquote(vori_person, errors="strict").strip()
    except UnicodeDecodeError:
        name = ""
    if not 1 <= len(name) <= NAME_LENGTH or not re.match(LINE, name):
        raise Invalid(
            "The header Vori-Person holds no name.",
            remedy=f"Send 1 to {NAME_LENGTH} characters on one line, as percent-encoded UTF-8, or leave it out.",
        )
    return name


CurrentPerson = Annotated[str | None, Depends(current_person)]


class Names(BaseModel):
    """What a member is called."""

    model_config = ConfigDict(extra="forbid")
    name: Calling = Field(description="As it stands on tickets.")
    also: list[Calling] = Field(default=[], max_length=10, description="Nicknames, the name in another script.")

    def of(self, member_id: UUID) -> Member:
        """The member with these names, each once."""
        first = {same_name(calling): calling for calling in reversed((self.name, *self.also))}
        also = (one for one in dict.fromkeys(self.also) if first[same_name(one)] == one != self.name)
        return Member(member_id, self.name, tuple(also))


def routes(owner: str) -> APIRouter:
    """The owner's link: it leaves the key (`owner`) with the browser, out of reach of scripts and other sites."""
    router = APIRouter(include_in_schema=False)

    @router.get("/open")
    async def open_link(request: Request, key: str = "") -> RedirectResponse:
        answer = RedirectResponse("/", 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"})
        if fits(owner, key):
            name = cookie_name(request.headers["host"])
            answer.set_cookie(name, owner, max_age=COOKIE_S, path="/", httponly=True, samesite="strict")
        return answer

    return router


def members(database: Database) -> APIRouter:
    """The people whom the workspace knows by name."""
    router = APIRouter(prefix="/api/members", tags=["people"])

    @router.get("")
    async def every(workspace_id: CurrentWorkspace) -> list[Member]:
        """The workspace's members by name."""
        async with database.transaction(workspace_id) as tx:
            return await read_members(tx)

    @router.post("", status_code=201)
    async def add(asked: Names, workspace_id: CurrentWorkspace) -> Member:
        """Add a member. No two may be called the same."""
        async with database.transaction(workspace_id) as tx:
            made = asked.of(new_id())
            if len(await _others(tx, made)) >= MEMBERS:
                raise Conflict(f"There are {MEMBERS} members already.", remedy="Remove one first.", code="too_many")
            await add_member(tx, made)
        return made

    @router.put("/{member_id}")
    async def change(member_id: UUID, asked: Names, workspace_id: CurrentWorkspace) -> Member:
        """Give a member other names. Tickets keep the name that they have."""
        async with database.transaction(workspace_id) as tx:
            made = asked.of(member_id)
            await _others(tx, made)
            await change_member(tx, made)
        return made

    @router.delete("/{member_id}", status_code=204)
    async def remove(member_id: UUID, workspace_id: CurrentWorkspace) -> None:
        """Forget a member. Meetings and tickets stay as they are."""
        async with database.transaction(workspace_id) as tx:
            await remove_member(tx, member_id)

    return router


async def _others(tx: Transaction, member: Member) -> list[Member]:
    """The other members, who stay so until the transaction ends. Raises `Conflict` when one is called the same."""
    await lock_members(tx)
    others = [other for other in await read_members(tx) if other.member_id != member.member_id]
    if found := taken_by(member, others):
        name, other = found
        raise Conflict(
            f"{name!r} is a name of {other.name!r} already.",
            remedy="Choose another, or take it away there.",
            code="name_taken",
        )
    return others
