"""When work is due: the days that a sentence names, counted from the day of the meeting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from vori.tickets.offline import english_dates, korean_dates
from vori.tickets.offline.days import Kind, of_week
from vori.tickets.offline.patterns import spoken

_FAR = timedelta(days=400)
_RULES = [*korean_dates.RULES, *english_dates.RULES, *english_dates.POSSESSIVE]
_BESIDE = [*korean_dates.BESIDE, *english_dates.BESIDE]
_HOURS = {Kind.HOUR, Kind.DAYPART, Kind.SOON}
_TODAYS = {*_HOURS, Kind.TODAY, Kind.YESTERDAY}
_DATED = {Kind.MONTH_DAY, Kind.DAY_OF_MONTH, Kind.MONTH_END, Kind.BESIDE, Kind.NEXT_WEEK, Kind.WEEKDAY_OF_WEEK}
_BY = spoken(
    r"\b(?:by|before|'?fore|until|'?till?|no later than|within|due|deadline|latest)\b[^.?!]{0,14}$",
    r"마감[^.?!]{0,8}$",
)
_BY_IT = spoken(r"^(?:by|before|until|till?)\b", r"전$")
_IN_TIME = spoken(
    r"^[^.?!,]{0,8}?(?:까지|까진|전에|전까|안에|내로|이내|안으로|중으로|내에|마감)",
    r"^\W*(?:\w+ ){0,2}?(?:at the (?:very )?)?(?:latest|outside|tops|sharp|deadline)\b",
)
_FROM = re.compile(r"\b(?:from|since|starting|as of|starts?|starting on)\s+(?:the )?$", re.I)
_ONWARDS = re.compile(r"^\s*(?:\S{1,2}\s?)?부터|^\s*(?:이후|지나)")
_CAUSE = spoken(
    r"^[^.?!,]{0,10}?(?:니까|라서|이라|여서|인데|거든)",
    r"^[^.?!,]{0,20}?,? (?:so|because)\b",
)
_NO = spoken(
    r"(?:^|\W)(?:아니|아뇨|아냐|안\s*되|말고|취소)",
    r"\b(?:no|not|nope|nah|sorry|wait|hang on|hold on|actually|rather|i mean|make (?:it|that)|scratch|instead)\b",
)
_NOT = re.compile(r"\b(?:not|never|\w+n't)\b[^.,;?!]{0,24}$", re.I)
_UNFIT = spoken(
    r"^[^?!]{0,4}?(?:은|는|엔|에는)?\s*(?:좀|안\s*되|안\s*돼|못|없|힘들|어렵|휴가|연차|연휴|휴일|공휴일|쉬|쉰|바쁘|빡빡|말고)",
    r"^[^.?!]{0,14}\b(?:off|busy|away|clinic|holiday|can't|cannot|won't|too (?:soon|tight|late|early)|no good)\b",
)
_GONE = "".join(chr(0xAC00 + i) for i in range(11172) if i % 28 == 20 and chr(0xAC00 + i) not in "있겠")
"""Syllables that end in ㅆ, as verbs about what is gone do."""
_PAST = spoken(
    rf"[{_GONE}](?:습|어|다|네|는|던|거|지|고|대|나|죠|잖|음)",
    r"\b(?:already|ago|since|did|was|were|sent|went|came|got|had|said|told|paid|did|made|took|put in|found|saw|ran)\b",
    r"\b(?:i|we|he|she|they|it|that|this)(?:'ve|'s| have| has)? (?:just |already )?[a-z]+ed\b",
)
_SENTENCE_END = re.compile(r"[.?!](?:\s|$)")
_THIS_MORNING = spoken(r"^(?:this morning|overnight|오늘\s*(?:아침|새벽)에?)$")
_ABOUT_TALK = spoken(
    r"여기(?:서|까지)|마치|정하|정합|정해|얘기|이야기|의논|봬요|뵙|뵐|만나|봅시다|봐요",
    r"누가\s|담당은|주인은|휴가|연차|반차|예비군|부터는|회의(?!\s*(?:끝|마치|후|직후))",
    r"\b(?:same (?:time|place)|see (?:you|each|who|how|what|two|all)|look (?:at it|again|on))\b",
    r"\b(?:decide|discuss|talk|catch up|revisit)\b",
    r"\b(?:meet(?:ing)?(?! (?:is )?(?:over|done))|next session|pick (?:it|this|that) up)\b",
    r"\b(?:i'm (?:away|off|on leave|on call|out)|on (?:leave|holiday))\b",
)
_HOUR_APART = re.compile(r"^[^.?!]{0,12}$")
_BESIDE_IT = re.compile(r"^[^.?!]{0,8}$")
_OR = re.compile(r"^(?:이나|나|이든|아니면|,|\s|or|and|maybe|do|did|either|에서|~|-|no|아니|다|면)*$", re.I)
_AWAY = re.compile(
    r"\s*\b(?:no later than|by|before|until|till|on|for|in|within|at|this|come|first thing|over)?\s*(?:the )?$", re.I
)
_HOUR = re.compile(
    r"^\s*(?:morning|afternoon|evening|night|noon|at the latest|latest|sharp|at \w+|lunchtime|first thing)\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A day that was named, where in the text, and what stands around it."""

    start: int
    end: int
    day: date
    kind: Kind
    by: bool = False
    """Marked as a deadline: "by", "까지"."""
    onwards: bool = False
    """Something begins there: "from", "부터"."""
    past: bool = False
    """Gone, or in a sentence about what is gone."""
    cause: bool = False
    """Named as a reason: "the flash sale is Thursday, so", "목요일이니까"."""
    possessive: bool = False
    talk: bool = False
    """In a sentence about meeting again, deciding later or being away."""
    corrects: bool = False
    """Put in place of the mention before it, or said after a no."""
    retracted: bool = False
    """The next mention is in its place, or it is said not to be then."""


def mentions(text: str, meeting: date, before: date | None = None) -> list[Mention]:
    """All days that a text names, in its order. `before`: the day named last before, for "the day after"."""
    beside = [(match, rule) for rule in _BESIDE for match in rule.pattern.finditer(text)]
    plain: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            if _free(match, taken):
                day = rule.resolve(match, meeting)
                if day is not None or rule.kind is Kind.MONTH_DAY:
                    taken.append(match.span())
                if day is not None and meeting - timedelta(31) <= day <= meeting + _FAR:
                    plain.append(Mention(*match.span(), day, rule.kind))
    relative: list[Mention] = []
    for match, rule in sorted(beside, key=lambda pair: pair[0].start()):
        anchors = [m for m in (*plain, *relative) if m.end <= match.start() and m.kind not in _TODAYS]
        anchor = max(anchors, key=lambda m: m.start).day if anchors else before
        free = _free(match, [(m.start, m.end) for m in relative])
        day = rule.resolve(match, anchor) if anchor is not None and free else None
        if day is not None:
            relative.append(Mention(*match.span(), day, rule.kind))
    kept = [m for m in plain if all(m.end <= r.start or m.start >= r.end for r in relative)]
    return _flagged(text, meeting, _joined(text, meeting, sorted((*kept, *relative), key=lambda m: m.start)))


def _free(match: re.Match[str], taken: Iterable[tuple[int, int]]) -> bool:
    return all(match.end() <= start or match.start() >= end for start, end in taken)


def _joined(text: str, meeting: date, found: list[Mention]) -> list[Mention]:
    """Without the hours of days that are named themselves; weekdays beside a date, or one of next week, follow it."""
    days = [m for m in found if m.kind not in _HOURS]
    for k, (one, other) in enumerate(pairwise(days)):
        if other.kind is not Kind.WEEKDAY:
            continue
        between = text[one.end : other.start]
        if one.kind in _DATED and one.day.weekday() == other.day.weekday() and _BESIDE_IT.match(between):
            days[k + 1] = replace(other, day=one.day)
        elif one.kind is Kind.WEEKDAY_OF_WEEK and _OR.match(between):
            weeks = (one.day - of_week(meeting, one.day.weekday(), 0)).days // 7
            days[k + 1] = replace(other, kind=one.kind, day=of_week(meeting, other.day.weekday(), weeks))
    hours = [
        m
        for m in found
        if m.kind in _HOURS
        and not any(_HOUR_APART.match(text[min(m.end, d.end) : max(m.start, d.start)]) for d in days)
    ]
    return sorted((*days, *hours), key=lambda m: m.start)


def _flagged(text: str, meeting: date, found: list[Mention]) -> list[Mention]:
    flagged: list[Mention] = []
    for k, m in enumerate(found):
        begins = found[k - 1].end if k else 0
        ends = found[k + 1].start if k + 1 < len(found) else len(text)
        ahead, behind = text[begins : m.start], text[m.end : ends]
        named = text[m.start : m.end]
        around = _SENTENCE_END.split(ahead)[-1] + "|" + _SENTENCE_END.split(text[m.end :])[0]
        corrects = bool(_NO.search(ahead[-40:]) or (k and _UNFIT.search(ahead)))
        if corrects and flagged:
            flagged[-1] = replace(flagged[-1], retracted=True)
        flagged.append(
            replace(
                m,
                by=bool(_BY.search(ahead) or _BY_IT.search(named) or _IN_TIME.search(behind)),
                onwards=bool(_FROM.search(ahead) or _ONWARDS.search(behind)),
                past=m.day < meeting or bool(_THIS_MORNING.match(named) or _PAST.search(around)),
                cause=bool(_CAUSE.search(behind)),
                talk=bool(_ABOUT_TALK.search(around)),
                possessive=behind.startswith("'s"),
                corrects=corrects,
                retracted=bool(_UNFIT.search(behind) or _NOT.search(ahead)),
            )
        )
    return flagged


def due(text: str, meeting: date) -> date | None:
    """The first day named in a sentence as still to come; None when it names none."""
    return next(
        (
            m.day
            for m in mentions(text, meeting)
            if m.day >= meeting and not m.onwards and not m.possessive and not (m.past and m.kind in _TODAYS)
        ),
        None,
    )


def without_dates(text: str) -> str:
    """An English phrase without its dates and the prepositions before them."""
    for rule in english_dates.RULES:
        while match := rule.pattern.search(text):
            before = _AWAY.sub("", text[: match.start()])
            after = _HOUR.sub("", text[match.end() :])
            text = f"{before} {after}".strip()
    return re.sub(r"\s+", " ", text).strip(" ,")
