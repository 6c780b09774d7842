"""A workspace is the wall between teams: everything belongs to exactly one. Its members are people it knows by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

LOCAL_WORKSPACE = UUID("00000000-0000-7000-8000-000000000001")
"""The workspace of one-person mode."""


@dataclass(frozen=True, slots=True)
class Workspace:
    workspace_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the workspace, whether in a meeting or not."""

    member_id: UUID
    name: str
    also: tuple[str, ...] = ()
    """What else people call them: nicknames, the name in another script."""

    @property
    def callings(self) -> tuple[str, ...]:
        return (self.name, *self.also)


def same_name(name: str) -> str:
    """A name without case, width and spaces: equal for what can't be told apart when it is said."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def taken_by(member: Member, others: Iterable[Member]) -> tuple[str, Member] | None:
    """The first of a member's names that another has already, and whose it is."""
    whose = {same_name(calling): other for other in others for calling in other.callings}
    taken = ((calling, whose[same_name(calling)]) for calling in member.callings if same_name(calling) in whose)
    return next(taken, None)
