"""Why a ticket was opened or moved, in one sentence in the language that was spoken."""

from __future__ import annotations

from collections.abc import Sequence

from vori.events import Status
from vori.tickets.offline.scene import Scene

_STATES = {
    "ko": {Status.TODO: "할 일로 돌아갔다", Status.IN_PROGRESS: "진행 중이라", Status.DONE: "끝났다"},
    "en": {Status.TODO: "it is put back", Status.IN_PROGRESS: "it is in progress", Status.DONE: "it is done"},
}
_AGAIN = {"ko": "다시 열렸다", "en": "it is open again"}


def moved_because(scene: Scene, report: int, to: Status, reopens: bool) -> str:
    """Who said in which turn that the work is in another state."""
    language, speaker = scene.readings[report].language, scene.speakers[report]
    state = _AGAIN[language] if reopens else _STATES[language][to]
    if language == "ko":
        return f"{speaker + ' 님이' if speaker else '회의에서'} {state}고 말했습니다."
    return f"{speaker or 'Somebody'} said that {state}."


def opened_because(scene: Scene, turns: Sequence[int], owner: str | None) -> str:
    """Who took the work on, or who brought it up."""
    task = scene.task(turns)
    asker = scene.speakers[task]
    if scene.readings[task].language == "ko":
        return f"{owner} 님이 맡았습니다." if owner else f"{asker + ' 님이' if asker else '누군가'} 꺼낸 일입니다."
    return f"{owner} takes it on." if owner else f"{asker or 'Somebody'} brought it up."
