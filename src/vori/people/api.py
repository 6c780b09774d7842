"""Which workspace a request acts for. One-person mode has one answer; sign-in will give others here."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from vori.people.model import LOCAL_WORKSPACE


def current_workspace() -> UUID:
    return LOCAL_WORKSPACE


CurrentWorkspace = Annotated[UUID, Depends(current_workspace)]
