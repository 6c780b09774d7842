"""The terms of a meeting: the team's glossary, who takes part, the members, and what the open tickets are called."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from uuid import UUID

from vori.audio.store import read_streams
from vori.database.connection import Database, Transaction
from vori.meetings.store import read_meeting
from vori.people.store import read_members
from vori.transcript.naming.store import read_names
from vori.transcript.vocabulary.store import read_glossary

FRESH_S = 60.0
TITLE_WORDS = 400
"""Words of titles that are looked for, at most; each costs a little at every utterance."""

PARTICLES = re.compile(
    "(?<=[가-힣]{2})(에서|에게|으로|까지|부터|이나|에는|에도|하고|하기|하는|한|할|을|를|이|가|은|는|에|의|와|과|도|로|만)$"
)
VERBS = re.compile("(다|요|죠|까|고|며|면|게)$")
COMMON = re.compile(
    "about|after|again|also|because|been|before|between|could|does|each|every|first|from|have|into|just|later|make|more"
    "|must|need|needs|next|only|other|over|should|some|than|that|their|them|then|there|these|they|this|those|until"
    "|update|write|when|where|which|while|will|with|without|would|your|있는|없는|하는|되는|위한|대한|관련|추가|수정|확인",
    re.I,
)

Titles = Callable[[Transaction, UUID], Awaitable[Iterable[str]]]
"""What the open tickets are called that a meeting may be about, the most important first."""
TermsOf = Callable[[UUID, UUID], Awaitable[tuple[str, ...]]]
"""The terms of a workspace's meeting, the most important first."""


class Terms:
    """A `TermsOf` that asks the database at most once a minute for each meeting.

    The same stretch of sound gives the same words for a given vocabulary only: heard again after a crash, it may meet
    other terms. That changes nothing of what was committed, because an utterance's row is inserted once.
    """

    def __init__(self, database: Database, titles: Titles) -> None:
        self._database = database
        self._titles = titles
        self._known: dict[UUID, tuple[float, tuple[str, ...]]] = {}

    async def __call__(self, workspace_id: UUID, meeting_id: UUID) -> tuple[str, ...]:
        at = asyncio.get_running_loop().time()
        self._known = {key: known for key, known in self._known.items() if at - known[0] < FRESH_S}
        if meeting_id not in self._known:
            self._known[meeting_id] = at, await self._read(workspace_id, meeting_id)
        return self._known[meeting_id][1]

    async def _read(self, workspace_id: UUID, meeting_id: UUID) -> tuple[str, ...]:
        async with self._database.transaction(workspace_id) as tx:
            glossary = await read_glossary(tx)
            meeting = await read_meeting(tx, meeting_id)
            streams = await read_streams(tx, meeting_id)
            voices = await read_names(tx, meeting_id)
            members = await read_members(tx)
            titles = await self._titles(tx, meeting_id)
        here = (*meeting.participants, *(stream.speaker for stream in streams if stream.speaker), *voices.values())
        people = (*here, *(calling for member in members for calling in member.callings))
        names = [name for person in people for name in names_of(person)]
        words = list(dict.fromkeys(word for title in titles for word in words_of(title)))
        return tuple(dict.fromkeys((*glossary, *names, *words[:TITLE_WORDS])))


async def no_terms(_workspace_id: UUID, _meeting_id: UUID) -> tuple[str, ...]:
    """A `TermsOf` without any."""
    return ()


def names_of(person: str) -> Iterator[str]:
    """How somebody may be called: by the whole name, by a part of it, by a Korean given name."""
    yield person
    if re.fullmatch("[가-힣]{3}", person):
        yield person[1:]
    parts = person.split()
    yield from parts if len(parts) > 1 else ()


def words_of(title: str) -> Iterator[str]:
    """The content words of a title, roughly: no common ones, no verbs; Korean without particles."""
    for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", title):
        if "가" <= word[0] <= "힣":
            noun = PARTICLES.sub("", word)
            if len(noun) > 1 and not COMMON.fullmatch(noun) and (noun != word or not VERBS.search(noun)):
                yield noun
        elif (len(word) > 3 or re.search("[A-Z]", word[1:])) and not COMMON.fullmatch(word) and not word.isdigit():
            yield word
