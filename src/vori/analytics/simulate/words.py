"""What is said in made-up meetings: sentences about topics, in Korean and English. Pure."""

from __future__ import annotations

from random import Random
from typing import Literal

from vori.events import Language

Kind = Literal["opens", "says", "asks", "answers", "decides", "blocks", "small", "promises", "reports"]

TOPICS: dict[str, dict[Language, tuple[str, ...]]] = {
    "login": {"en": ("login", "password reset", "single sign-on"), "ko": ("로그인", "비밀번호 재설정", "통합 인증")},
    "payment": {"en": ("payment", "refund", "invoice"), "ko": ("결제", "환불", "청구서")},
    "search": {"en": ("search", "ranking", "autocomplete"), "ko": ("검색", "정렬", "자동 완성")},
    "mobile": {"en": ("mobile app", "push message", "crash report"), "ko": ("모바일 앱", "푸시 메시지", "오류 보고")},
    "hiring": {"en": ("hiring", "interview", "job posting"), "ko": ("채용", "면접", "채용 공고")},
    "speed": {"en": ("page speed", "cache", "slow query"), "ko": ("페이지 속도", "캐시", "느린 쿼리")},
    "launch": {"en": ("launch", "press note", "landing page"), "ko": ("출시", "보도 자료", "랜딩 페이지")},
    "privacy": {"en": ("privacy", "consent form", "data export"), "ko": ("개인정보", "동의서", "데이터 내보내기")},
}
RISES = "privacy"
"""The topic that rises where one does."""
LABELS = ("backend", "frontend", "design", "docs")
_SAID: dict[Language, dict[Kind, tuple[str, ...]]] = {
    "en": {
        "opens": ("Let's talk about the {}.", "Next is the {}.", "What about the {}?"),
        "says": ("The {} looks better than last week.", "I went through the {} again.",
                 "Customers mention the {} a lot.",
                 "We have numbers for the {} now.", "I think the {} can be simpler."),
        "asks": ("How long will the {} take?", "Who has looked at the {}?", "Do we need the {} this month?"),
        "answers": ("About two days, I guess.", "Yes, I had a look yesterday.", "Not before next week."),
        "decides": ("We decided to go ahead with the {}.", "So we agreed: the {} ships first."),
        "blocks": ("I'm blocked on the {}.", "The {} is stuck until we get access."),
        "small": ("Good morning, everyone.", "Can you hear me?", "Nice weather today.", "One moment, please."),
        "promises": ("I'll {} by then.", "Okay, I will {}."),
        "reports": ("{} is in progress.", "{} is done.", "I finished {}."),
    },
    "ko": {
        "opens": ("{} 얘기부터 할게요.", "다음은 {}입니다.", "{}은 어떤가요?"),
        "says": ("{} 쪽은 지난주보다 나아졌어요.", "{} 다시 살펴봤어요.", "고객들이 {} 얘기를 많이 해요.",
                 "{} 수치가 이제 나왔어요.", "{}은 더 단순해도 될 것 같아요."),
        "asks": ("{} 얼마나 걸릴까요?", "{} 누가 보셨어요?", "{} 이번 달에 꼭 필요한가요?"),
        "answers": ("이틀쯤 걸릴 것 같아요.", "네, 어제 봤습니다.", "다음 주는 돼야 해요."),
        "decides": ("{} 진행하기로 결정했습니다.", "그럼 {} 먼저 내는 걸로 정했어요."),
        "blocks": ("{} 때문에 막혀 있어요.", "권한이 없어서 {}이 멈췄어요."),
        "small": ("안녕하세요, 다들 오셨네요.", "제 목소리 들리세요?", "오늘 날씨 좋네요.", "잠시만요."),
        "promises": ("제가 그때까지 {} 하겠습니다.", "네, {} 제가 맡을게요."),
        "reports": ("{} 진행 중이에요.", "{} 끝났습니다.", "{} 완료했어요."),
    },
}  # fmt: skip
_WORK: dict[Language, tuple[str, ...]] = {
    "en": ("fix the {}", "test the {}", "write up the {}", "redesign the {}", "measure the {}"),
    "ko": ("{} 수정", "{} 테스트", "{} 정리", "{} 개편", "{} 측정"),
}


def sentence(kind: Kind, language: Language, about: str, chance: Random) -> str:
    return chance.choice(_SAID[language][kind]).format(about)


def work(topic: str, language: Language, chance: Random) -> str:
    """A task, as a ticket's title says it."""
    return chance.choice(_WORK[language]).format(chance.choice(TOPICS[topic][language]))
