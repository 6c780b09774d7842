"""The client of the live WebSocket: a meeting as it stands, changed by each message, resumed after a break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from vori.cli.server import Refused, Server
from vori.cli.stream import refusal

PAUSES_S = (0.1, 0.3, 1.0, 2.0)
PATIENCE = 30
"""Attempts in a row to reach VORI."""
OPTIONS: dict[str, Any] = {"proxy": None, "max_size": 32 * 1024 * 1024, "open_timeout": 10}


class View:
    """A meeting (or, without one, the overview) as the last message left it."""

    def __init__(self) -> None:
        self.meeting: dict[str, Any] | None = None
        self.minutes: dict[str, Any] | None = None
        self.meetings: dict[str, dict[str, Any]] = {}
        self.streams: dict[str, dict[str, Any]] = {}
        self.lags: dict[str, dict[str, Any]] = {}
        self.drafts: dict[str, dict[str, Any]] = {}
        self.utterances: dict[str, dict[str, Any]] = {}
        self.tickets: dict[str, dict[str, Any]] = {}

    @property
    def written_up(self) -> bool:
        """Whether the minutes are there, and no draft."""
        return self.minutes is not None and self.minutes["state"] == "final"

    def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "snapshot":
            self._load(message["state"])
        elif message["type"] == "diff":
            self._change(message["kind"], message["id"], message["data"])

    def _load(self, state: dict[str, Any]) -> None:
        self.meeting, self.minutes = state["meeting"], state["minutes"]
        self.streams, self.lags, self.drafts = (dict(state[kind]) for kind in ("streams", "lags", "drafts"))
        self.meetings = {meeting["meeting_id"]: meeting for meeting in state["meetings"]}
        self.utterances = {utterance["utterance_id"]: utterance for utterance in state["utterances"]}
        self.tickets = {ticket["ticket_id"]: ticket for ticket in state["tickets"]}

    def _change(self, kind: str, key: str, data: dict[str, Any] | None) -> None:
        mine = self.meeting is not None and self.meeting["meeting_id"] == key
        if kind == "meeting" and data is not None:
            self.meetings[key] = data
            self.meeting = data if mine else self.meeting
        elif kind == "minutes":
            self.minutes = data if mine else self.minutes
        elif kind == "utterance" and data is not None:
            self.drafts.pop(key, None)
            if data["text"]:
                self.utterances[key] = data
            else:  # withdrawn
                self.utterances.pop(key, None)
        elif kind == "speaker" and data is not None:
            for said in self.utterances.values():
                if (said["stream"], said["voice"]) == (data["stream"], data["voice"]):
                    said["speaker"] = data["name"]
        elif kind in ("suggestion", "metrics", "team") or (kind == "draft" and key in self.utterances):
            pass  # for the page alone; and an old draft of words that are final by now
        else:
            held = {"stream": self.streams, "lag": self.lags, "draft": self.drafts, "ticket": self.tickets}[kind]
            if data is None:
                held.pop(key, None)
            else:
                held[key] = data


async def follow(server: Server, meeting_id: str | None, view: View) -> AsyncGenerator[dict[str, Any], None]:
    """Each message, after `view` has taken it. Raises `Refused`, or `Unavailable` when VORI stays away."""
    position = ""
    failures = 0
    while True:
        query = {"meeting_id": meeting_id, "after": position}
        address = f"{server.socket_url('/api/live')}?{urlencode({k: v for k, v in query.items() if v})}"
        epoch = position.rpartition(":")[0]
        try:
            async with connect(address, additional_headers=server.headers, **OPTIONS) as socket:
                async for text in socket:
                    message = json.loads(text)
                    if message["type"] == "error" and message["fault"] == "caller":
                        raise Refused(message["detail"], remedy=message["remedy"], code=message["code"])
                    if message["type"] == "error":
                        break
                    failures = 0
                    epoch = message.get("epoch", epoch)
                    position = f"{epoch}:{message['seq']}"
                    view.take(message)
                    yield message
        except InvalidStatus as error:
            if error.response.status_code < 500:
                raise refusal(Refused, error) from error
        except (OSError, WebSocketException, TimeoutError):
            pass
        failures += 1
        if failures > PATIENCE:
            raise server.not_running()
        await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S)) - 1])
