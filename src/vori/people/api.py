"""Which workspace a request acts for: in one-person mode the owner's, whom a link lets in. Sign-in will add others."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from vori.people.model import LOCAL_WORKSPACE
from vori.people.owner import COOKIE_S, cookie_name, fits


def current_workspace() -> UUID:
    return LOCAL_WORKSPACE


CurrentWorkspace = Annotated[UUID, Depends(current_workspace)]


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
