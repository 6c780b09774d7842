"""Corrections over HTTP: one evaluation case a line."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response

from vori.database.connection import Database
from vori.people.api import CurrentWorkspace
from vori.tickets.corrections.model import case
from vori.tickets.past import read_past
from vori.tickets.store import read_corrected_meetings

LINES = "application/x-ndjson"


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/corrections", tags=["tickets"])

    @router.get("", response_class=Response, responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}})
    async def corrections(workspace_id: CurrentWorkspace) -> Response:
        """Meetings in which people undid, rejected or set right what VORI did, one JSON object a line.

        Each is a case for evaluating extractors: what was said, the board that the meeting found, and what the meeting
        should have led to. What nobody objected to counts as right.
        """
        lines = []
        async with database.transaction(workspace_id) as tx:
            for meeting_id in await read_corrected_meetings(tx):
                found = case(await read_past(tx, meeting_id))
                if found is not None:
                    lines.append(json.dumps(found, ensure_ascii=False) + "\n")
        return Response("".join(lines), media_type=LINES)

    return router
