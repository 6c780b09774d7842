"""How many people spoke: counted from below, for a voice without a name may be anybody's. Pure: no I/O."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from vori.analytics.model import Row, SpeakerRow

NAMELESS = "^[0-9a-f-]{36}(:[0-9]+)?$"
"""How a voice is called that nobody has named: by its stream, and by its number where that tells several apart. A
regular expression that Python and PostgreSQL read alike."""


def people_in(voices: Iterable[SpeakerRow]) -> int:
    """How many people spoke, at least: those with a name, or as many as one meeting heard, whichever is more."""
    named = set()
    heard: defaultdict[UUID, int] = defaultdict(int)
    for row in voices:
        heard[row.meeting_id] += 1
        if not re.match(NAMELESS, row.who):
            named.add(row.who)
    return max(len(named), *heard.values(), 0)


def people_by_team(rows: Iterable[Row]) -> dict[UUID, int]:
    """The same of each workspace; rows of other kinds tell nothing."""
    voices: defaultdict[UUID, list[SpeakerRow]] = defaultdict(list)
    for row in rows:
        if isinstance(row, SpeakerRow):
            voices[row.workspace_id].append(row)
    return {workspace: people_in(of_team) for workspace, of_team in voices.items()}
