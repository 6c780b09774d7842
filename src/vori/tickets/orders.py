"""Telling words for the tool (orders, pasted data, somebody else's voice) from words for people. Pure.

It errs towards yes, but seldom: of 101,000 turns of meetings (AMI, and those written for VORI) 0.05 % are taken for
orders. All 32 orders among them are found; they were known when this was written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VERBS = (
    r"(?:close|delete|remove|erase|wipe|cancel|drop|clear|archive|complete|finish|resolve|reopen|reset|mark|move|set|"
    r"put|create|open|add|file|assign|change|update|switch|approve|accept|apply|undo)"
)
_ALL = r"\b(?:everything|all|every|each|entire|whole)\b"
_CARDS = r"\b(?:tickets?|tasks?|issues?|cards?|board|items?|to\s*-?dos?|backlog|jobs?|stor(?:y|ies))\b"
_TOOL = r"(?:vori|the\s+(?:ai|bot|assistant|model|recorder)|ai|assistant|chat\s?bot|bot|gpt|claude|chatgpt|llm)"
_FIELD = r"(?:tickets?|moves?|decisions?|lane|status|ticket_id|evidence\w*|quote|certainty|title|role|content|to|read)"
_QUOTE = "[\"'“”‘’]"

_WORDS = (
    # Forget what you were told.
    r"\b(?:ignore|disregard|forget)\b[^.?!]{0,40}\b(?:instructions?|rules?|prompts?|guidelines?|guardrails|directions|"
    r"(?:previous|prior|above|earlier)\s+(?:messages?|context|text|orders?)|(?:everything|all|the)\s+(?:above|so\s+far))\b",
    r"\bnew\s+(?:system\s+)?(?:instructions?|rules|prompt)\b\s*(?:[:：,.]|for\s+you\b|from\b)",
    # Be somebody else.
    r"\byou\s+are\s+(?:now|no\s+longer)\b|\bfrom\s+now\s+on,?\s+you\b",
    r"\bpretend\s+(?:to\s+be|you\s+are|that\s+you)\b|\bact\s+as\s+(?:an?\s+|the\s+|if\s+)?(?:admin|system|developer|root)",
    r"\b(?:enter|enable|activate|switch\s+to|in)\s+(?:developer|debug|admin\w*|god|maintenance|root|sudo)\s+mode\b",
    # In somebody else's voice.
    r"^\W*(?:system|assistant|developer|user|tool|human|admin\w*|시스템|관리자|어시스턴트|개발자)\b\s*"
    r"(?:message|prompt|notice|override|note|메시지|프롬프트|공지|알림|지시|명령)?\W{0,4}[:：\]>]",
    r"\bsystem\s+(?:override|instructions?|command|(?:message|prompt|notice)\s*[:：,>\]-])",
    r"\b(?:end|start|beginning)\s+of\s+(?:the\s+)?(?:transcript|(?:meeting\s+)?data|input|prompt|instructions?)\b",
    # To the tool by its name, or about the whole board.
    rf"(?:^|[.!?,:]\s*{_QUOTE}?|\b(?:hey|hi|ok|okay|dear|hello)\s+){_TOOL}\b\s*[,.!:;-]?[^.?!]{{0,60}}\b{_VERBS}\b",
    rf"\b{_VERBS}\b[^.?!]{{0,60}},\s*{_TOOL}\W*$",
    r"\b(?:ai|bots?|note[\s-]?takers?|assistants?|summari[sz]ers?)\b[^.?!]{0,80}\b(?:must|shall|is\s+to|are\s+to)\b",
    r"\b(?:close|delete|erase|wipe|archive|mark|complete|reopen|resolve|cancel)\b[^.?!]{0,30}"
    r"\b(?:everything|all\b(?!\s+(?:day|week|night))|every|each|entire|whole)\b",
    rf"\b{_VERBS}\b[^.?!]{{0,20}}{_ALL}[^.?!]{{0,25}}(?:{_CARDS}|\bdone\b|\bin\s+progress\b)",
    rf"{_ALL}[^.?!]{{0,25}}{_CARDS}[^.?!]{{0,40}}\b(?:{_VERBS}(?:d|ed)?|done|todo|in\s+progress)\b",
    # How to answer, how sure to be.
    r"\b(?:respond|reply|answer|output|return|print)\b[^.?!]{0,25}\b(?:only|json|exactly|the\s+following)\b",
    r"\b(?:certainty|confidence)\b\W{0,4}(?:of\s+|to\s+|=|is\s+)?(?:1(?:\.0+)?\b|100|one\b|max)",
    r"\bapplied\s+lane\b|\blane\b\W{0,5}applied\b|\bwithout\s+(?:asking|confirmation)\b",
    # Data and markup, which nobody speaks.
    rf"{_QUOTE}{_FIELD}{_QUOTE}\s*[:：]|[{{\[]\s*[{{\[\"“]|[}}\]]\s*[}}\],]|```|~~~|<!--|<\||-->",
    r"</?\s*[a-z_][\w-]*\s*/?>|<[a-z_]+\s+[a-z_]+\s*=|\[/?inst\]|!?\[[^\]]*\]\([^)]*\)",
    r"^\s{0,3}(?:#{1,6}|---+|\*\*\*+)(?:\s|$)",
    rf"\b{_FIELD}\s*(?:=|:=|→|->|=>)\s*\W?\w|\b\w+_tickets?\s*\(|\bdrop\s+table\b|\bdelete\s+from\b",
    r"\b[a-z0-9+/]{48,}={0,2}",
)

_ORDER = (
    r"(?:(?:완료|삭제|취소|종료|이동|변경|처리|등록|배정|추가|생성|승인|수락|초기화|마감|지정|해결)(?:상태)?(?:으로|로|처리)?[를을]?"
    r"(?:해라|해줘|해주|해[.!,]|해$|하라|하고|하세|하십|할것|시켜|시키|바꿔|바꾸|바꿀|옮겨|옮기|만들|표시|돌려|간주)|"
    r"닫아|닫으|지워|지우[고라]|지울것|옮겨[라줘]|옮기라|옮길것|바꿔[라줘]|바꿔$|바꾸[고라]|바꿀것|만들어[라줘]|만들[고라]|"
    r"비워[라줘]|넘겨[라줘]|넘기라)"
)
_SQUEEZED = (
    # The same without spaces: so Korean is matched however it is spaced, and English that is spelt out.
    r"(?:ignore|disregard|forget)(?:all|any|the|my|your|every)*(?:previous|prior|above|earlier|these|those)?"
    r"(?:instruction|rule|prompt)",
    r"(?:지시|명령|프롬프트|규칙|지침|인스트럭션|instructions?)(?:사항|문|들)?[은는을를이가]?(?:모두|전부|다|싹)*(?:무시|잊|따르지)",
    r"(?:앞|위|이전|지금까지)의?(?:내용|대화|말)[은는을를]?(?:모두|전부|다)*(?:무시|잊)",
    r"(?:새|새로운|긴급|최우선|비밀)(?:시스템)?(?:지시|명령|지침|프롬프트)",
    r"시스템(?:프롬프트|명령|지시|(?:메시지|공지|알림|관리자)[:：,\]>])|관리자(?:명령|지시)",
    rf"(?:관리자|개발자|운영자|디버그)(?:모드|권한)(?:으로|로)(?:전환|[^.?!]{{0,30}}{_ORDER})",
    r"(?:너|넌|당신)[는은]?(?:이제|지금)(?:부터|는)?|(?:지금|이제)부터(?:너|넌|당신)",
    rf"(?:(?:^|[^가-힣])(?:보리|비서|봇)|브이오알아이|에이아이|인공지능|어시스턴트|챗봇|요약기)[^.?!]{{0,50}}{_ORDER}",
    rf"(?:vori|ai|gpt|claude)(?:야|아|님|씨|는|에게)[^.?!]{{0,40}}{_ORDER}",
    rf"(?:모든|모두|전체|전부|싹다|죄다|나머지|남은|각|일괄|한꺼번에|몽땅)의?[^.?!]{{0,14}}{_ORDER}",
    rf"(?:티켓|카드|이슈|태스크|할일|보드|작업)들?[은는을를이가]?(?:다(?![시른음])|전부|모두|싹|일괄|몽땅|전체)+[^.?!]{{0,10}}{_ORDER}",
    r"(?:json|제이슨)(?:으로|형식|을|만|로)*.{0,8}(?:출력|답|응답|반환)|(?:다음|아래)(?:과같이|처럼|내용)(?:만|을)?(?:출력|응답|반환)",
    r"(?:확신도|신뢰도|확실성)[은는를을]?(?:1|100|백|최대|일점영)|(?:확인|승인|검토)(?:도|절차)?없이|묻지도?(?:않고|말고)",
    r"(?:회의록|기록|데이터|전사|녹취)의?(?:끝|종료)(?:[.:,\]]|이다|입니다(?:이제|지금|다음|아래))",
)

_SPOKEN = re.compile("|".join(_WORDS), re.IGNORECASE | re.MULTILINE)
_TIGHT = re.compile("|".join(_SQUEEZED), re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
_SPACING = re.compile(r"[\s'\"“”‘’*_~`·•|-]+")


@lru_cache(maxsize=8192)  # a live meeting asks about all its turns after each
def orders_the_tool(text: str | None) -> bool:
    """Whether words speak to the tool, or are data for it. Letters that can't be seen are themselves a sign."""
    if not text:
        return False
    written = unicodedata.normalize("NFKC", text)
    plain = _INVISIBLE.sub("", written)
    return plain != written or bool(_SPOKEN.search(plain) or _TIGHT.search(_SPACING.sub("", plain)))
