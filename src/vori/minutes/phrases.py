"""What minutes say of their own, in each language. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from vori.events import Language, Status
from vori.minutes.model import TicketNews


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the document says of its own, in one language."""

    draft: str
    rehearsal: str
    participants: str
    unnamed: str
    nobody: str
    summary: str
    verbatim: str
    silent: str
    nothing_captured: str
    uncaptured: str
    unheard: str
    decisions: str
    undecided: str
    tickets: str
    untouched: str
    news: dict[TicketNews, str]
    statuses: dict[Status, str]
    due: str
    questions: str
    blockers: str
    next_steps: str
    by_hand: str
    page: str


PHRASES: dict[Language, Phrases] = {
    "en": Phrases(
        draft="A draft: the meeting goes on, or its last words are still on their way.",
        rehearsal="This was a rehearsal: its words come from a script, not from what was heard.",
        participants="Participants",
        unnamed="unnamed",
        nobody="Nobody gave a name, and nobody was heard.",
        summary="Summary",
        verbatim="The sentences that say most, word for word.",
        silent="No speech was heard in this meeting.",
        nothing_captured="No sound of this meeting reached VORI.",
        uncaptured="{seconds} s of sound never reached VORI. What was said then is missing here.",
        unheard="{seconds} s of speech could not be put into words: recognition failed. The recording has them.",
        decisions="Decisions",
        undecided="No decision was heard.",
        tickets="Tickets",
        untouched="No ticket was made or changed.",
        news={"created": "New", "moved": "Moved", "changed": "Changed", "carried_over": "Carried over"},
        statuses={Status.TODO: "to do", Status.IN_PROGRESS: "in progress", Status.DONE: "done"},
        due="due",
        questions="Open questions",
        blockers="Blockers",
        next_steps="Next steps",
        by_hand="written by hand",
        page="Page {} of {}",
    ),
    "ko": Phrases(
        draft="초안이에요. 회의가 진행 중이거나 마지막 말을 아직 받아 적고 있어요.",
        rehearsal="연습 회의예요. 말은 들은 것이 아니라 대본에서 왔어요.",
        participants="참석자",
        unnamed="이름 모름",
        nobody="이름을 밝힌 사람도, 들린 목소리도 없어요.",
        summary="요약",
        verbatim="가장 많은 것을 말해 주는 문장을 말한 그대로 옮겼어요.",
        silent="이 회의에서는 들린 말이 없어요.",
        nothing_captured="이 회의의 소리는 VORI에 오지 않았어요.",
        uncaptured="소리 {seconds}초가 VORI에 오지 않았어요. 그때 한 말은 여기에 없어요.",
        unheard="말 {seconds}초는 인식에 실패해서 글로 옮기지 못했어요. 녹음에는 남아 있어요.",
        decisions="결정 사항",
        undecided="들린 결정이 없어요.",
        tickets="티켓",
        untouched="생기거나 바뀐 티켓이 없어요.",
        news={
            "created": "새 티켓",
            "moved": "옮긴 티켓",
            "changed": "내용이 바뀐 티켓",
            "carried_over": "이어지는 티켓",
        },
        statuses={Status.TODO: "할 일", Status.IN_PROGRESS: "진행 중", Status.DONE: "완료"},
        due="기한",
        questions="남은 질문",
        blockers="막힌 일",
        next_steps="다음 할 일",
        by_hand="사람이 적음",
        page="{} / {}쪽",
    ),
}
