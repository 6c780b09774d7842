"""What is said, in Korean and English: topics with their words, and sentences to put them in.

No sentence has a quote, a backslash or a control character: so it stands in JSON as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

from vori.events import Language

STATEMENT, QUESTION, ANSWER, BLOCKER, DECISION = range(5)
KINDS = (STATEMENT, QUESTION, ANSWER, BLOCKER, DECISION)

LABELS = {
    "payments": "backend",
    "login": "backend",
    "search": "backend",
    "dashboard": "frontend",
    "forms": "frontend",
    "deployment": "infra",
    "monitoring": "infra",
    "pipeline": "data",
    "recommendations": "data",
    "design": "design",
}
"""The label of work on each topic."""
TOPICS = tuple(LABELS)
SMALL_TALK = ("weather", "lunch", "weekend")

TERMS: dict[Language, dict[str, str]] = {
    "ko": {
        "payments": "결제 승인,환불 처리,카드 한도,결제 재시도,영수증 발급",
        "login": "로그인 세션,비밀번호 재설정,이중 인증,접근 토큰,계정 잠금",
        "search": "검색 색인,자동 완성,검색 순위,오타 교정,검색 필터",
        "dashboard": "대시보드 차트,위젯 배치,화면 로딩,표 정렬,기간 선택",
        "forms": "가입 양식,입력 검증,주소 입력,파일 첨부,안내 문구",
        "deployment": "배포 스크립트,롤백 절차,스테이징 서버,컨테이너 이미지,배포 승인",
        "monitoring": "알림 규칙,로그 수집,장애 대응,응답 시간,서버 지표",
        "pipeline": "데이터 적재,배치 작업,스키마 변경,중복 제거,원본 백업",
        "recommendations": "추천 모델,클릭 데이터,학습 주기,후보 목록,개인화 점수",
        "design": "아이콘 정리,색상 체계,여백 규칙,버튼 모양,다크 모드",
    },
    "en": {
        "payments": "card approval,refunds,payment retries,receipts,card limits",
        "login": "login sessions,password reset,two-factor sign-in,access tokens,account lockout",
        "search": "search index,autocomplete,result ranking,typo correction,search filters",
        "dashboard": "dashboard charts,widget layout,page loading,table sorting,date picker",
        "forms": "signup form,input validation,address entry,file attachments,help text",
        "deployment": "deploy script,rollback steps,staging server,container image,release approval",
        "monitoring": "alert rules,log collection,incident response,response times,server metrics",
        "pipeline": "data loading,batch jobs,schema change,deduplication,raw backups",
        "recommendations": "recommendation model,click data,training schedule,candidate list,personal scores",
        "design": "icon cleanup,colour palette,spacing rules,button shapes,dark mode",
    },
}

TALK: dict[Language, dict[int, tuple[str, ...]]] = {
    "ko": {
        STATEMENT: (
            "{t} 쪽은 어제 거의 다 봤습니다",
            "{t} 관련해서 공유드릴 게 하나 있어요",
            "지난주랑 비교하면 {t} 상황이 조금 나아졌어요",
            "{t} 건은 생각보다 손이 많이 가네요",
            "저는 {t} 먼저 보는 게 좋을 것 같아요",
            "고객 문의 중에 {t} 얘기가 꽤 있었어요",
            "{t} 테스트 결과는 문서에 적어 뒀습니다",
            "네, {t} 그대로 이어서 보고 있어요",
            "{t} 때문에 다른 화면도 영향을 받아요",
            "음, {t} 이야기는 지난번에도 나왔죠",
        ),
        QUESTION: (
            "{t} 지금 어디까지 됐어요?",
            "{t} 관련해서 문제 될 만한 게 있을까요?",
            "{t} 누가 제일 잘 알죠?",
            "혹시 {t} 수치 확인해 보셨어요?",
            "{t} 이번 주에 끝날까요?",
        ),
        ANSWER: (
            "네, {t} 쪽은 문제 없어요",
            "{t} 아직 절반 정도 됐어요",
            "아니요, {t} 쪽은 조금 더 봐야 해요",
            "{t} 수치는 오후에 알려 드릴게요",
        ),
        BLOCKER: (
            "{t} 쪽은 외부 답변이 없어서 막혀 있어요",
            "권한이 없어서 {t} 작업을 못 하고 있습니다",
            "{t} 때문에 지금 진행이 안 돼요",
        ),
        DECISION: (
            "그럼 {t} 방식은 지금 안으로 가기로 결정합시다",
            "{t} 범위는 줄이는 걸로 정하겠습니다",
            "{t} 건은 다음 분기로 미루기로 결정했습니다",
            "좋아요, {t} 순서를 먼저 하기로 합시다",
        ),
    },
    "en": {
        STATEMENT: (
            "I went through most of the {t} work yesterday",
            "there is one thing about {t} I wanted to share",
            "compared with last week {t} looks a bit better",
            "the {t} part takes more effort than we thought",
            "I would look at {t} before anything else",
            "quite a few customers wrote to us about {t}",
            "the test results for {t} are in the document",
            "yeah, I am still carrying on with {t}",
            "because of {t} some other pages are affected",
            "well, {t} came up last time as well",
        ),
        QUESTION: (
            "How far along are we with {t}?",
            "Is there anything risky about {t}?",
            "Who knows {t} best?",
            "Did you check the numbers for {t}?",
            "Will {t} be finished this week?",
        ),
        ANSWER: (
            "Yes, {t} is fine",
            "about half of {t} is there",
            "no, {t} needs a bit more time",
            "I will have numbers for {t} this afternoon",
        ),
        BLOCKER: (
            "we are stuck on {t} because nobody outside has answered",
            "I can not work on {t} without access",
            "{t} is blocked right now",
        ),
        DECISION: (
            "OK, we decided to keep the current plan for {t}",
            "let us agree to cut the scope of {t}",
            "so the decision is to move {t} to the next quarter",
            "agreed, we do {t} first",
        ),
    },
}

SMALL: dict[Language, dict[str, tuple[str, ...]]] = {
    "ko": {
        "weather": (
            "오늘 날씨가 꽤 쌀쌀하네요",
            "비 온다던데 우산 챙기셨어요?",
            "네, 오후에는 갠대요",
            "맑네요",
        ),
        "lunch": (
            "점심은 뭐 드셨어요?",
            "새로 생긴 국수집 괜찮더라고요",
            "저는 김밥 먹었어요",
            "커피 마시고 올걸요",
        ),
        "weekend": ("주말 잘 보내셨어요?", "아이랑 산에 다녀왔어요", "저는 그냥 집에서 쉬었어요", "영화 한 편 봤어요"),
    },
    "en": {
        "weather": ("quite chilly out there", "is it going to rain?", "it should clear up later", "lovely sky though"),
        "lunch": ("what did you have for lunch?", "the noodle place is good", "just a sandwich", "I need coffee"),
        "weekend": ("how was your weekend?", "we went hiking with the kids", "I just stayed home", "saw a great film"),
    },
}
OPENERS: dict[Language, tuple[str, ...]] = {
    "ko": ("", "", "", "그리고 ", "어, ", "사실 ", "일단 "),
    "en": ("", "", "", "and ", "um, ", "so ", "basically "),
}

TITLES: dict[Language, tuple[str, ...]] = {
    "ko": ("{t} 오류 수정", "{t} 테스트 추가", "{t} 문서 정리", "{t} 성능 개선", "{t} 사용성 점검", "{t} 화면 보완"),
    "en": (
        "Fix errors in {t}",
        "Add tests for {t}",
        "Document {t}",
        "Speed up {t}",
        "Check usability of {t}",
        "Polish {t}",
    ),
}
ABOUT_TICKETS: dict[Language, dict[str, str]] = {
    "ko": {
        "ask_owner": "{name}님이 {title} 맡아 주세요",
        "ask_due": "{title}, {day}까지 누가 해야 해요",
        "ask_both": "{name}님이 {day}까지 {title} 해 주세요",
        "ask": "{title}, 이것도 언젠가 해야 해요",
        "yes": "네, 제가 할게요",
        "fine": "네, 적어 둘게요",
        "stuck": "{title}, 권한이 안 나와서 막혀 있어요",
        "work": "{title} 시작했습니다",
        "review": "{title}, 개발은 됐고 리뷰 기다리고 있어요",
        "done": "{title} 다 끝났습니다",
        "todo": "{title}, 리뷰에서 돌아와서 처음부터 다시 해야 해요",
        "reopened": "{title}, 문제가 다시 나와서 다시 열어야 해요",
        "due": "{title}, 기한을 {day}로 미룰게요",
    },
    "en": {
        "ask_owner": "{name}, please take this one: {title}",
        "ask_due": "somebody has to do this by {day}: {title}",
        "ask_both": "{name}, please do this by {day}: {title}",
        "ask": "some day we should do this, too: {title}",
        "yes": "sure, I will do it",
        "fine": "OK, noted",
        "stuck": "{title}: I am blocked, no access yet",
        "work": "{title}: I have started on it",
        "review": "{title}: the code is ready, it is waiting for review",
        "done": "{title}: that is done",
        "todo": "{title}: it came back from review, I have to start over",
        "reopened": "{title}: the problem is back, we have to reopen it",
        "due": "{title}: let us move the deadline to {day}",
    },
}
REVIEW: dict[Language, str] = {"ko": "리뷰", "en": "review"}
"""The reason on a ticket that waits for review."""
ACCESS: dict[Language, str] = {"ko": "권한", "en": "access"}
MONTHS = "Jan Feb March April May June July Aug Sept Oct Nov Dec"


@dataclass(frozen=True, slots=True)
class Pool:
    """All sentences of a language in one list; those of a kind and topic stand together."""

    sentences: list[str]
    places: dict[tuple[int, str], tuple[int, int]]
    """(kind, topic): the first, and how many."""


def make_pool(language: Language) -> Pool:
    """Small talk has the same sentences for every kind."""
    sentences: list[str] = []
    places: dict[tuple[int, str], tuple[int, int]] = {}
    for kind in KINDS:
        for topic in (*TOPICS, *SMALL_TALK):
            if topic in SMALL_TALK:
                made = list(SMALL[language][topic])
            else:
                said = [one.format(t=t) for one, t in product(TALK[language][kind], terms(language, topic))]
                openers = OPENERS[language] if kind in (STATEMENT, ANSWER) else ("",)
                made = [opener + one for opener, one in product(openers, said)]
            places[kind, topic] = len(sentences), len(made)
            sentences += made
    return Pool(sentences, places)


def terms(language: Language, topic: str) -> list[str]:
    return TERMS[language][topic].split(",")


def said_day(language: Language, day: date) -> str:
    return f"{day.month}월 {day.day}일" if language == "ko" else f"{MONTHS.split()[day.month - 1]} {day.day}"
