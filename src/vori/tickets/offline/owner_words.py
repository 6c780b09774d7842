"""Words by which people take work on, hand it over, turn it down, or leave open whose it is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from vori.tickets.offline.patterns import spoken

_MINE = spoken(
    r"\bi(?:'ll| will|'m|'d| can| could| shall|'ve| have| was)\b|\bleave (?:it|that|them|this) (?:with|to) (?:me|us)\b",
    r"\b(?:on|by|with) (?:me|us)\b|\bmine\b|\bmy (?:job|plate|tray|mess|problem)\b|that's (?:me|us)\b|\blet me\b",
    r"^(?:\W|oh|ok|okay|yeah|yes)*me\b|\b(?:put|stick) (?:me|us) down\b",
    r"\b(?:give|hand|pass|send) (?:it|that|them|those|this)?\s?(?:here|(?:to )?(?:me|us))\b",
    r"(?:제|내|나)가|저요|저죠|나요|나네|저네|(?:나|저|이리)(?:한테)? ?(?:줘|주)|[저나]밖에|제 ?쪽",
    r"(?:^|\s)[저나][.,!]|저희|[제내] ?(?:일|거|건|것|몫|숙제|담당)",
    r"[가-힣]게요?[.!]?$|겠습니[다더][.!]?$|[가-힣]께[.!]?$|할랑|[가-힣]래요?[.!]?$",
)
_YOURS = spoken(
    r"\b(?:you|your|yours|you're|you've|you'll|d'you|ye|yer)\b",
    r"(?:씨|님|선생|대리|과장|팀장|주임|기사)[이가은는도]?\s?(?:좀|꼭|한번|직접)?|[네니너]가",
    r"줄래|주실|주세요|줘라?[.!?]?$|하시|할래|해라|하이소|부탁",
)
_DECLINES = spoken(
    r"\b(?:can't|cannot|couldn't|won't|not me|i'm (?:away|off|out)|on (?:leave|holiday)|no time|not this)\b",
    r"\b(?:forget|scrub|strike|scratch|never ?mind|ignore)\b",
    r"못|무리|휴가|출장|안 ?돼|안 ?되|안 ?하|취소|빼 ?줘|됐어|됐다|아니|말고|밀려|바빠|바쁘|힘들|죄송",
)
_NOTES = spoken(
    r"\b(?:put|stick|pop|get|have|add|write|note|mark|log|make) (?:it|that|this|him|her|them)?\s?"
    r"(?:up|down|on|in|as|there|a (?:card|ticket|note))\b",
    r"\bon the (?:board|list|minutes)\b|\bas (?:done|started|ongoing|finished|in progress)\b",
    r"\bwith your name\b|\bnoted\b|\bminutes\b",
    r"보드|카드|티켓|목록|적어|적을|올려 ?(?:둘|두|놓|줘)|등록|하나 (?:만들|파)|넣자|넣을게|넣겠|기록",
    r"진행으로|완료로|결재|도장",
)
_LEFT_OPEN = spoken(
    r"\b(?:no|without an?|haven't got a) (?:name|owner)|\bnobody (?:on|down)|\bwithout (?:name|owner)|\bunassigned",
    r"\b(?:nobody|no one)(?:'s| is| has)\b|\bno (?:takers|volunteers)\b|\bname(?:less)? (?:later|open)\b",
    r"\b(?:don't|dunno|not sure|decide|settle|see|argue|fight|know|find out).{0,20}\b(?:who|over it)\b",
    r"\bwh?o[a-z]*ever\b|\bfind (?:a body|someone|somebody)\b|\bon the list(?: then| for now)?[.,]?$",
    r"\b(?:leave|put|stays?|goes|stick|keep|pop) (?:it |that |this |them )?(?:(?:up|down) )?"
    r"(?:on the list|open|for now)\b|\bshan't allocate\b",
    r"(?:담당|주인)(?:자)?[은는이가]?.{0,8}(?:비워|없|나중|아직|정하|정할|다시)",
    r"누가.{0,5}(?:할지|맡을지|하든|됐든|짤지|보낼지)|누가[^.?!]{0,12}(?:정하|정해|얘기)",
    r"(?:적어|올려)만|일단.{0,6}(?:항목|티켓|카드|할 ?일|리스트|목록|적어|올려)",
)
_SOMEONE = spoken(
    r"\b(?:some(?:body|one)|anybody|anyone)\b|\b(?:needs?|wants?|should be|must be|to be) \w+(?:ing|ed)\b",
    r"누가|누군가|누구",
)


class Signs(NamedTuple):
    """What the words of a turn hint at; one hint alone proves nothing."""

    mine: bool
    """The speaker's own part."""
    yours: bool
    """The part of whom the speaker talks to."""
    declines: bool
    notes: bool
    """What is said by who keeps the list."""
    left_open: bool
    """Nobody does it yet."""
    someone: bool
    """Anybody might."""


@lru_cache(maxsize=8192)
def signs(text: str) -> Signs:
    found = (_MINE, _YOURS, _DECLINES, _NOTES, _LEFT_OPEN, _SOMEONE)
    return Signs(*(bool(words.search(text)) for words in found))
