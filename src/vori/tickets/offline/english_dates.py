"""How days are named in English."""

from __future__ import annotations

import re
from datetime import date, timedelta

from vori.tickets.offline.days import (
    Kind,
    coming,
    day_of,
    day_of_month,
    end_of,
    going,
    month_day,
    month_end,
    of_week,
    rule,
    week_end,
)
from vori.tickets.offline.patterns import listed

_WEEKDAYS = {day: n for n, day in enumerate(listed("mon tue wed thu fri sat sun"))}
_MONTHS = {month: n for n, month in enumerate(listed("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_COUNTS = {word: n for n, word in enumerate(listed("one two three four five six seven eight nine ten"), 1)} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "a few": 3,
}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
            "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
        ),
        1,
    )
} | {f"{n}{end}": n for n in range(1, 32) for end in ("st", "nd", "rd", "th")}

_DAY = r"((?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tues?|weds?|thurs?|fri)"
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = "(" + "|".join(word.replace("-", "[ -]") for word in sorted(_ORDINALS, key=len, reverse=True)) + ")"
_LATE_ORDINAL = "(?!(?:first|second|third|1st|2nd|3rd)\\b)" + _ORDINAL
_COUNT = r"(a couple of|couple of|a few|one|two|three|four|five|six|seven|eight|nine|ten|an?|\d+)"
_CLOCK = (
    r"(?:(?:half|quarter) (?:past |to )?)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"\d{1,2}(?:[:.]\d\d)?)(?:[ -](?:thirty|fifteen|forty-five))?"
)
_UNTIL = r"(?:by|before|'?fore|at|until|'?till?|around|about|for)"
_NOUN = (
    r"(?![- ](?:floor|time|one|ones|place|grade|edition|round|row|street|avenue|version|draft|century|quarter|year|"
    r"class|item|point|thing|part|half|person|line|page|draft|attempt|of(?! " + _MONTH.replace("(", "(?:", 1) + r"))\b)"
)
_LEAVE = r"(?:drop|go|leave|log off|head|clock off|finish|sign off|hang up|knock off|clear off|run|wrap|break|close)"
_THIS_CALL = r"(?:this|the (?:meeting|call|stand-?up|session|sync)|we(?:'re| are) done|our call|that call)"


def _weekday(word: str) -> int:
    return _WEEKDAYS[word.lower()[:3]]


def _given(match: re.Match[str]) -> int:
    return _weekday(next(group for group in match.groups() if group))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS[word.lower()]


def _ordinal(word: str) -> int:
    return int(word) if word.isdigit() else _ORDINALS[word.lower().replace(" ", "-")]


def _of_month(day: date, month: str, number: str) -> date | None:
    return month_day(day, _MONTHS[month.lower()[:3]], _ordinal(number))


def _numbered(match: re.Match[str], day: date) -> date | None:
    return day_of_month(day, _ordinal(next(group for group in match.groups() if group)))


RULES = [
    rule(Kind.WEEKDAY, rf"\blast {_DAY}\b", lambda m, d: going(d, _weekday(m[1]))),
    rule(Kind.YESTERDAY, r"\byesterday\b|\blast night\b", -1),
    rule(Kind.YESTERDAY, r"\blast (?:week|month|weekend|year|time)\b", -7),
    rule(Kind.IN_DAYS, r"\btomorrow week\b", 8),
    rule(Kind.TOMORROW, r"\bday after tomorrow\b", 2),
    rule(
        Kind.MONTH_DAY,
        rf"\b(?:{_DAY},? )?{_MONTH}\.? (?:the )?({_ORDINAL}|\d{{1,2}})\b(?! percent|:)",
        lambda m, d: _of_month(d, m[2], m[3]),
    ),
    rule(
        Kind.MONTH_DAY,
        rf"\b(?:{_DAY},? )?(?:the )?({_ORDINAL}|\d{{1,2}})(?: of)? {_MONTH}\b",
        lambda m, d: _of_month(d, m[4], m[2]),
    ),
    rule(Kind.MONTH_DAY, rf"\bthe {_ORDINAL} of next month\b", lambda m, d: day_of(d, _ordinal(m[1]), 1)),
    rule(Kind.MONTH_END, rf"\bend of {_MONTH}\b", lambda m, d: end_of(d, _MONTHS[m[1].lower()[:3]])),
    rule(
        Kind.DAY_OF_MONTH,
        rf"\b{_DAY},?(?: the)? {_ORDINAL}\b{_NOUN}",
        lambda m, d: day_of_month(d, _ordinal(m[2]), _weekday(m[1])),
    ),
    rule(
        Kind.WEEKDAY_OF_WEEK,
        rf"\b(?:next {_DAY}|{_DAY}(?:,? of|,? the)? next week|next week,? (?:on |by |say )?{_DAY})\b",
        lambda m, d: of_week(d, _given(m), 1),
    ),
    rule(
        Kind.WEEKDAY_OF_WEEK, rf"\b(?:this week,? {_DAY}|{_DAY},? this week)\b", lambda m, d: of_week(d, _given(m), 0)
    ),
    rule(
        Kind.WEEKDAY_OF_WEEK,
        rf"\b(?:(?:a )?week (?:from |on )?{_DAY}|{_DAY} week|{_DAY} after next)\b",
        lambda m, d: coming(d, _given(m)) + timedelta(7),
    ),
    rule(
        Kind.WEEKDAY,
        rf"\b{_DAY}\b(?!'s|\s+(?:before|after)\b(?:[,.;?!]|$| that))",
        lambda m, d: coming(d, _weekday(m[1])),
    ),
    rule(
        Kind.IN_DAYS,
        r"\b(?:a|one) week (?:(?:from )?(?:today|now)|tonight)\b|\b(?:today week|this time next week)\b",
        7,
    ),
    rule(Kind.IN_DAYS, r"(?<!for a )(?<!last )(?<!every )\bfortnight\b", 14),
    rule(Kind.NEXT_WEEK, r"\bweek after next\b", lambda _, d: week_end(d, 2)),
    rule(Kind.WEEKEND, r"\bnext weekend\b", lambda _, d: of_week(d, 6, 1)),
    rule(Kind.NEXT_WEEK, r"\b(?:the )?(?:end of )?next week\b", lambda _, d: week_end(d, 1)),
    rule(Kind.THIS_WEEK, r"\b(?:by|before) the weekend\b", lambda _, d: week_end(d)),
    rule(Kind.WEEKEND, r"\b(?:this|the|over the|at the) weekend\b", lambda _, d: of_week(d, 6, 0)),
    rule(
        Kind.THIS_WEEK,
        r"\b(?:the )?(?:end of (?:the |this )?week|this week|week's end|week-?end(?:ing)? this|eow|within the week)\b",
        lambda _, d: week_end(d),
    ),
    rule(Kind.MONTH_END, r"\b(?:the )?(?:end of )?next month\b", lambda _, d: month_end(d, 1)),
    rule(
        Kind.MONTH_END,
        r"\b(?:the )?end of (?:the|this) month\b|\bthis month\b|\bmonth[- ]end\b|\beom\b",
        lambda _, d: month_end(d),
    ),
    rule(Kind.MONTH_END, r"\bend of (?:the|this) quarter\b", lambda _, d: month_end(d, (-d.month) % 3)),
    rule(Kind.MONTH_END, r"\b(?:the )?end of (?:the|this) year\b|\byear[- ]end\b", lambda _, d: date(d.year, 12, 31)),
    rule(Kind.TOMORROW, r"\b(?:tomorrow|tmrw|tomoz)\b", 1),
    rule(Kind.TODAY, r"\btoday\b", 0),
    rule(
        Kind.IN_DAYS,
        rf"\b(?:in|within) (?:the next |about )?{_COUNT} days?'?\b|\b{_COUNT} days?'? (?:from now|from today|time)\b",
        lambda m, d: d + timedelta(_number(m[1] or m[2])),
    ),
    rule(
        Kind.IN_DAYS,
        rf"\b(?:in|within) (?:the next |about )?{_COUNT} weeks?'?\b|\b{_COUNT} weeks?'? (?:from now|from today|time)\b",
        lambda m, d: d + timedelta(7 * _number(m[1] or m[2])),
    ),
    rule(
        Kind.DAY_OF_MONTH,
        rf"\b(?:by|before|on|until|till|for|from|after) (?:the )?{_ORDINAL}\b{_NOUN}|\bthe {_LATE_ORDINAL}\b{_NOUN}"
        rf"|(?:^|[,.;:?!] )(?:the )?{_LATE_ORDINAL}\b(?=[,.;:?!]|$)"
        rf"|\b(?:so|say|maybe) (?:the )?{_ORDINAL}\b(?=[,.;:?!]|$)",
        _numbered,
    ),
    rule(
        Kind.SOON,
        rf"\b(?:right |straight |just |soon as )?(?:after|once) {_THIS_CALL}"
        r"(?= *[,.;:?!]| *$| meeting| call| stand| we| and| I|\b(?= then))",
        0,
    ),
    rule(Kind.SOON, rf"\b(?:before|'?fore) (?:i|you|we|he|she|they) (?:all )?{_LEAVE}\b", 0),
    rule(
        Kind.SOON,
        r"\b(?:straight|right) away\b|\bright now\b|\bstraight after\b|\bas soon as we\b|\bwithin the hour\b",
        0,
    ),
    rule(
        Kind.SOON,
        rf"\bin (?:the next |about )?(?:{_COUNT}|twenty|thirty|fifteen|half an) ?(?:minutes?|mins?|hours?)\b",
        0,
    ),
    rule(
        Kind.DAYPART,
        r"\b(?:tonight|this (?:afternoon|evening|morning|arvo)|end of (?:the )?day|eod|end of play|cob|"
        r"close of (?:business|play)|end of (?:the )?shift|later on|"
        r"(?:before|after|over|at|by|'?fore) (?:lunch(?:time)?|tea|smoko|dinner|supper|noon|midday|midnight))\b",
        0,
    ),
    rule(
        Kind.DAYPART,
        r"(?<!one )(?<!two )(?<!three )(?<!four )(?<!five )\bin the morning\b|"
        r"\bfirst thing\b|\bovernight\b|\bby morning\b",
        1,
    ),
    rule(
        Kind.HOUR,
        rf"\b{_UNTIL} {_CLOCK}(?= ?(?:[ap]\.?m|o'?clock|sharp|tonight|latest|at the latest|[,.;:?!](?!\d)|and\b|$))",
        0,
    ),
    rule(Kind.HOUR, rf"\b{_CLOCK} ?(?:[ap]\.?m\b|o'?clock)|\b(?:noon|midday)\b", 0),
]
POSSESSIVE = [
    rule(Kind.WEEKDAY, rf"\b{_DAY}(?='s\b)", lambda m, d: coming(d, _weekday(m[1]))),
]
BESIDE = [
    rule(Kind.BESIDE, r"\b(?:the |a )?(?:day|night|evening) before\b(?! yesterday)", -1),
    rule(Kind.BESIDE, r"\btwo days before\b", -2),
    rule(Kind.BESIDE, r"\bthe (?:day|morning) after\b(?! tomorrow)|\bthe (?:next|following) day\b", 1),
    rule(Kind.BESIDE, r"\b(?:a|the) week before\b", -7),
    rule(Kind.BESIDE, r"\b(?:a|the) week after\b(?! next)", 7),
    rule(Kind.BESIDE, rf"\b(?:the )?{_DAY} before\b(?=[,.;?!]|$| that)", lambda m, d: going(d, _weekday(m[1]))),
    rule(Kind.BESIDE, rf"\b(?:the )?{_DAY} after\b(?=[,.;?!]|$| that)", lambda m, d: coming(d, _weekday(m[1]))),
    rule(Kind.SAME, r"\bthat day\b|\bsame day\b|\b(?:by|before|until) then\b", 0),
]
