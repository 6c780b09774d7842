"""The glossary over HTTP: read it, replace it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vori.database.connection import Database
from vori.database.text import Line
from vori.people.api import CurrentWorkspace
from vori.transcript.vocabulary.store import read_glossary, save_glossary

Term = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Vocabulary(BaseModel):
    """Terms as the team writes them: names of people, products and projects that speech recognition shall know."""

    model_config = ConfigDict(extra="forbid")
    terms: list[Term] = Field(max_length=500)


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/vocabulary", tags=["transcript"])

    @router.get("")
    async def vocabulary(workspace_id: CurrentWorkspace) -> Vocabulary:
        """The team's glossary. Names of participants and members, and titles of open tickets, are known without it."""
        async with database.transaction(workspace_id) as tx:
            return Vocabulary(terms=await read_glossary(tx))

    @router.put("")
    async def replace(asked: Vocabulary, workspace_id: CurrentWorkspace) -> Vocabulary:
        """Replace the team's glossary. Meetings that go on follow within a minute; what was said stays as it is."""
        terms = list(dict.fromkeys(asked.terms))
        async with database.transaction(workspace_id) as tx:
            await save_glossary(tx, terms)
        return Vocabulary(terms=terms)

    return router
