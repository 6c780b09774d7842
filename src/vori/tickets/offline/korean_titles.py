"""Titles from Korean talk: "느린 쿼리 목록을 정리해서 공유해 주세요" names the work 느린 쿼리 목록 정리 및 공유."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vori.tickets.offline.patterns import listed
from vori.tickets.offline.reading import Morpheme, Phrase

DEED_OF = dict(
    pair.split(":")
    for pair in listed(
        "보내:발송 만들:제작 고치:수정 바꾸:변경 올리:업로드 찍:촬영 알아보:조사 쓰:작성 적:작성 넣:추가 "
        "빼:제외 옮기:이전 물어보:문의 묻:문의 받:수령 모으:수집 줄이:축소 늘리:확대 나누:분리 찾:조사 "
        "찾아보:조사 알리:공지 지우:삭제 뽑:추출 맞추:조정 돌리:실행 붙이:추가 살펴보:검토 보:확인 사:구매 "
        "시키:주문 걸:설정 구하:섭외 짜:작성 내:제출 넘기:전달 주:전달 드리:전달 정하:결정 풀:해제 끄:종료 "
        "다듬:수정 손보:수정 내보내:발송 들여다보:확인 갈:교체 채우:작성 막:차단 세우:수립 챙기:준비 떼:발급 "
        "뜨:추출 옮겨적:작성 부르:섭외 치우:정리 쪼개:분할 키우:확대 끊:예매 전하:전달"
    )
)
"""Native verbs, and the nouns that titles use for them; others become stem + 기."""

_LIGHT = {"하", "넣", "드리", "치", "가지", "주", "남기", "돌리", "때리", "걸", "잡", "올리"}
_LIGHT_AFTER = set(
    listed(
        "요청 신청 주문 연락 전화 공지 문의 예약 지원 보고 발주 결제 확인 검토 공유 정리 작업 준비 테스트 "
        "전달 부탁 답변 회신 메모 점검 답장 알림 제안"
    )
)
_DATES = set(
    listed(
        "오늘 내일 모레 글피 어제 그제 그저께 주 주말 달 월 일 시 분 년 월요일 화요일 수요일 목요일 금요일 "
        "토요일 일요일 오전 오후 아침 저녁 밤 점심 새벽 하루 이틀 사흘 나흘 일주일 안 중 전 후 뒤 말 끝 이내 "
        "이따 이따가 당장 금주 차주 내주 이번 다음 지난 지난주 금일 명일 익일 퇴근 출근 월말 주중 그때 지금 "
        "현재 요번 담 담주 늦 최근 올해 내년 요일"
    )
)
_ANCHORS = _DATES - set(listed("주 달 일 시 분 년 안 중 전 후 뒤 말 끝 이번 다음 담 지난 요번 늦 점심 월"))
"""Words that make a date of the small ones beside them."""
_WHICH = {"이번", "다음", "담", "지난", "요번", "저번"}
_SPANS = {"주", "달", "분기", "주말"}
_IDLE = set(
    listed(
        "좀 바로 일단 먼저 그냥 꼭 빨리 이제 지금 다 한번 한 번 또 이미 벌써 아직 혹시 제발 얼른 금방 현재 "
        "알아서 어차피 그래서 그럼 같이 직접 우선 역시 이따가 부탁 넵 넹 옙 예 네 응 오케이 오키 앞으로 당장 "
        "곧 그리고 그러면 근데 아예 사실 아무래도 이참에 미리 얼추 대충 슬슬 잠깐 조금 많이 더 잘 계속 원래 "
        "그때 진짜 정말 이렇게 그렇게"
    )
)
_TITLES = set(listed("님 씨 대리 팀장 과장 차장 부장 선임 책임 매니저 피디 쌤 선생 이사 대표 주임 사원 파트장 실장"))
_AUXILIARY = {"EF", "EP", "VX", "SF", "SP", "SS", "SE", "SO", "SW", "IC", "XPN", "JX"}
_SKIPPED_NOUNS = {"수", "것", "거", "걸", "예정", "계획", "줄", "편", "기", "때문", "터"}
_CUTS = set(listed("는데 ᆫ데 은데 지만 니까 으니까 면 으면 거든 더니 라서 라고 다고"))
Word = list[Morpheme]


def eojeols(morphemes: Sequence[Morpheme]) -> list[Word]:
    """Morphemes that stand together without a space."""
    words: list[Word] = []
    for morpheme in morphemes:
        if words and morpheme.start <= max(m.end for m in words[-1]):
            words[-1].append(morpheme)
        else:
            words.append([morpheme])
    return words


def _is_date(word: Word, neighbour_is_date: bool) -> bool:
    nouns = [m for m in word if m.tag in {"NNG", "NNP", "NNB", "SN", "NR", "MM", "NP", "MAG", "XSN", "SL"}]
    if not nouns or any(m.tag in {"VV", "VA", "XSV"} for m in word):
        return False
    if not all(m.form in _DATES or m.tag in {"SN", "NR"} for m in nouns):
        return False
    forms = [m.form for m in nouns]
    if any(a in _WHICH and b in _SPANS for a, b in pairwise(forms)):
        return True
    return neighbour_is_date or any(m.form in _ANCHORS for m in nouns) or any(m.form == "까지" for m in word)


def undated(words: list[Word]) -> list[Word]:
    dates = [False] * len(words)
    for i, (word, after) in enumerate(pairwise(words)):
        if len(word) == 1 and word[0].form in _WHICH and after[0].form in _SPANS:
            dates[i] = dates[i + 1] = True
    for _ in range(3):
        for i, word in enumerate(words):
            beside = any(dates[j] for j in (i - 1, i + 1) if 0 <= j < len(words))
            dates[i] = dates[i] or _is_date(word, beside)
    return [word for word, is_date in zip(words, dates, strict=True) if not is_date]


def is_person(word: Word) -> bool:
    forms = {m.form for m in word}
    who = (
        word[0].tag == "NP" and word[0].form in {"저", "나", "제", "내", "저희", "우리", "누구", "니", "네", "너"}
    ) or (len(word) > 1 and bool(forms & _TITLES) and word[0].tag in {"NNP", "NNG"})
    return who and all(
        m.tag in {"NP", "NNP", "NNG", "NNB", "XSN", "JKS", "JX", "SP", "JKB", "MM", "IC", "JKV"} for m in word
    )


def _main_verb(morphemes: Sequence[Morpheme]) -> int:
    """Index of the morpheme that says what is done (a verb, or the suffix that makes a verb of a noun); -1: none."""
    i = len(morphemes) - 1
    while i >= 0:
        form, tag = morphemes[i].form, morphemes[i].tag
        helping = (
            tag == "VV" and i > 0 and form in {"하", "드리", "주", "되", "가"} and morphemes[i - 1].tag in {"JKB", "EC"}
        )
        helping = (
            helping
            or (form == "드리" and i > 0 and morphemes[i - 1].form == "부탁")
            or (tag == "VA" and form in {"있", "같", "좋"})
        )
        helping = helping or (tag in {"XSV", "VV"} and i > 0 and morphemes[i - 1].form == "부탁") or form == "부탁"
        if (
            tag in _AUXILIARY
            or tag in {"EC", "ETM", "ETN", "JKB", "JX", "VCP", "VCN"}
            or form in _SKIPPED_NOUNS
            or helping
        ):
            i -= 1
            continue
        if tag in {"JKO", "NNG"} and i + 1 < len(morphemes) and morphemes[i + 1].form == "부탁":
            return i if tag == "NNG" else i - 1
        return i if tag in {"VV", "XSV", "NNG"} else -1
    return -1


def _doing(morphemes: Sequence[Morpheme], verb: int) -> tuple[int, str]:
    """(where the words for the deed begin, the deed as a noun) of the verb at an index."""
    at = morphemes[verb]
    if at.tag in {"XSV", "NNG"}:
        start = verb - 1 if at.tag == "XSV" else verb
        if start > 0 and morphemes[start].tag == "XSN":
            start -= 1
        start = max(start, 0)
        return start, "".join(m.form for m in morphemes[start : verb + (at.tag == "NNG")])
    before = verb - 1
    if before >= 0 and morphemes[before].tag == "JKO":
        before -= 1
    if (
        at.form in _LIGHT
        and before >= 0
        and morphemes[before].tag in {"NNG", "XSN"}
        and (at.form == "하" or morphemes[before].form in _LIGHT_AFTER)
    ):
        start = before - 1 if morphemes[before].tag == "XSN" and before else before
        return start, "".join(m.form for m in morphemes[start : before + 1])
    return verb, DEED_OF.get(at.form, at.form + "기")


def _surface(text: str, word: Word) -> str:
    """A word as a title shows it: without the particles of subject, object and topic."""
    kept = list(word)
    while kept and kept[-1].tag in {"JKO", "JX", "JKS", "SF", "SP", "SE", "JKV", "IC"}:
        kept.pop()
    if not kept:
        return ""
    return text[kept[0].start : max(m.end for m in kept)].strip(" ,.…?!~\"'")


def _linked(text: str, word: Word) -> str | None:
    """ "정리해서" as "정리 및"; None for a word that doesn't join one deed to the next."""
    if word[-1].tag != "EC" or word[-1].form not in {"어서", "고", "어", "어다", "어다가"}:
        return None
    for i, m in enumerate(word):
        if m.tag == "XSV" and i:
            return "".join(x.form for x in word[:i]) + " 및"
        if m.tag == "VV":
            noun = DEED_OF.get(m.form)
            return f"{_surface(text, word[:i])} {noun} 및".strip() if noun else None
    return None


def phrase(text: str, morphemes: Sequence[Morpheme]) -> Phrase:
    """What a sentence names, as a title."""
    cut = max((i + 1 for i, m in enumerate(morphemes[:-2]) if m.tag == "EC" and m.form in _CUTS), default=0)
    whole = _body(text, morphemes[cut:])
    if cut and not whole.topic:
        earlier = _body(text, morphemes[:cut])
        return Phrase(whole.title, earlier.topic, whole.doing, points_back=True)
    return whole


def _body(text: str, morphemes: Sequence[Morpheme]) -> Phrase:
    verb = _main_verb(morphemes)
    start, doing = _doing(morphemes, verb) if verb >= 0 else (len(morphemes), "")
    words = undated([word for word in eojeols(morphemes[:start]) if not is_person(word)])
    if verb < 0 and words and any(m.tag in {"VA", "VV", "VCP", "VCN", "EF"} for m in words[-1]):
        words.pop()
    shown, nouns, points = [], 0, False
    for word in words:
        tags = {m.tag for m in word}
        if tags <= {"IC", "MAJ", "SP", "SF", "SE", "SO", "SW", "JX", "SS"} or (
            word[0].form in _IDLE and tags <= {"MAG", "IC", "NNG", "MAJ", "SP", "JX", "VA", "EC", "NR", "NNB", "MM"}
        ):
            continue
        if word[0].tag in {"NP", "MM"} and word[0].form in set(
            listed("그거 이거 저거 그 이 거기 여기 그것 이것 요거 고거 그쪽 그게")
        ):
            points = points or word[0].tag == "NP"
            continue
        linked = _linked(text, word)
        shown.append(linked if linked else _surface(text, word))
        nouns += any(m.tag in {"NNG", "NNP", "SL", "XR", "SN"} for m in word)
    title = " ".join(part for part in (*shown, doing) if part)
    topic = " ".join(part for part in shown if not part.endswith(" 및"))
    return Phrase(title if nouns else "", topic if nouns else "", doing, points_back=points or not nouns)
