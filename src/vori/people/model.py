"""A workspace is the wall between teams: everything belongs to exactly one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

LOCAL_WORKSPACE = UUID("00000000-0000-7000-8000-000000000001")
"""The workspace of one-person mode."""


@dataclass(frozen=True, slots=True)
class Workspace:
    workspace_id: UUID
    name: str
