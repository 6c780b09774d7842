"""When work is due: the day that a sentence names, counted from the day of the meeting."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from vori.tickets.offline.patterns import listed, spoken

_WEEKDAYS = {day: n for n, day in enumerate("월화수목금토일")} | {
    name: n
    for n, names in enumerate(
        listed("mon|monday tue|tues|tuesday wed|wednesday thu|thurs|thursday fri|friday sat|saturday sun|sunday")
    )
    for name in names.split("|")
}
_MONTHS = {
    name: n
    for n, month in enumerate(
        listed("january february march april may june july august september october november december"), 1
    )
    for name in (month, month[:3])
}
_COUNTS = (
    {word: n for n, word in enumerate(listed("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열"), 1)}
    | {word: n for n, word in enumerate(listed("one two three four five six seven eight nine ten"), 1)}
    | {"a": 1, "couple of": 2, "a couple of": 2}
)
_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "일주일": 7, "보름": 15}
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
_DAY = "(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tues?|wed|thurs?|fri"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_COUNT_EN = "a couple of|couple of|one|two|three|four|five|six|seven|eight|nine|ten|a|\\d+"
_COUNT_KO = "한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|\\d+"

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS[word]


def _week_end(day: date, weeks: int = 0) -> date:
    """Friday of this week (or of a later one); at the weekend, the Friday to come."""
    return day + timedelta(days=(4 - day.weekday()) % 7 if weeks == 0 else 4 - day.weekday() + 7 * weeks)


def _month_end(day: date, months: int = 0) -> date:
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _next(day: date, weekday: int) -> date:
    """The coming one; the same weekday as today means a week on."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def _of_week(day: date, weekday: int, weeks: int) -> date:
    return day + timedelta(days=weekday - day.weekday() + 7 * weeks)


def _month_day(day: date, month: int, number: int) -> date | None:
    for year in (day.year, day.year + 1):
        try:
            found = date(year, month, number)
        except ValueError:
            return None
        if found >= day - timedelta(days=31):
            return found
    return None


def _day_of_month(day: date, number: int) -> date | None:
    for months in range(3):
        last = _month_end(day, months)
        if 1 <= number <= last.day and last.replace(day=number) >= day:
            return last.replace(day=number)
    return None


def _rule(pattern: str, resolve: Callable[[re.Match[str], date], date | None]) -> Rule:
    return re.compile(pattern, re.I), resolve


_KOREAN: list[Rule] = [
    _rule(r"(\d{1,2})\s*월\s*(\d{1,2})\s*일", lambda m, d: _month_day(d, int(m[1]), int(m[2]))),
    _rule(r"다다음\s*주\s*([월화수목금토일])요일", lambda m, d: _of_week(d, _WEEKDAYS[m[1]], 2)),
    _rule(
        r"(?:다음|담)\s*주\s*([월화수목금토일])(?:요일|(?=까지))|차주\s*([월화수목금토일])",
        lambda m, d: _of_week(d, _WEEKDAYS[m[1] or m[2]], 1),
    ),
    _rule(
        r"(?:이번|요번)\s*주\s*([월화수목금토일])(?:요일|(?=까지))|금주\s*([월화수목금토일])",
        lambda m, d: _of_week(d, _WEEKDAYS[m[1] or m[2]], 0),
    ),
    _rule(r"(?:다음|담)\s*주\s*(?:중|안|내|까지|말)|차주\s*(?:중|안|까지)", lambda _, d: _week_end(d, 1)),
    _rule(r"(?:이번|요번)\s*주\s*(?:중|안|내|까지|에)|금주\s*(?:중|안|내)|주중에", lambda _, d: _week_end(d)),
    _rule(r"주말까지|이번\s*주말", lambda _, d: _of_week(d, 6, 0)),
    _rule(r"(?:이번|이)\s*달\s*(?:안|말|중|내|까지)|월말", lambda _, d: _month_end(d)),
    _rule(r"(?:다음|담)\s*달\s*(?:안|말|중|까지)", lambda _, d: _month_end(d, 1)),
    _rule(r"글피", lambda _, d: d + timedelta(3)),
    _rule(r"모레", lambda _, d: d + timedelta(2)),
    _rule(r"내일|낼|명일|익일", lambda _, d: d + timedelta(1)),
    _rule(rf"({_COUNT_KO})\s*(?:일|밤)\s*(?:안에|내로|이내|뒤|후)", lambda m, d: d + timedelta(_number(m[1]))),
    _rule(
        r"(하루|이틀|사흘|나흘|닷새|일주일|보름)\s*(?:안에|내로|이내|뒤|후|만)",
        lambda m, d: d + timedelta(_DAYS[m[1]]),
    ),
    _rule(rf"({_COUNT_KO})\s*주\s*(?:안에|내로|이내|뒤|후)", lambda m, d: d + timedelta(7 * _number(m[1]))),
    _rule(r"([월화수목금토일])요일", lambda m, d: _next(d, _WEEKDAYS[m[1]])),
    _rule(r"(?<![\d월])\s(\d{1,2})일(?:까지|에|날|,|\s)", lambda m, d: _day_of_month(d, int(m[1]))),
    _rule(
        r"오늘|금일|이따|퇴근\s*전|점심\s*(?:전|먹기\s*전|먹고|후)|자정|당장|회의\s*(?:끝나|마치|후|직후)|"
        r"지금\s*바로|바로\s*(?:해|보내|열|올|할)",
        lambda _, d: d,
    ),
]
_ENGLISH: list[Rule] = [
    _rule(r"\b(?:day after tomorrow)\b", lambda _, d: d + timedelta(2)),
    _rule(
        rf"\b({_MONTH})\.? (?:the )?({_ORDINAL}|\d{{1,2}})\b(?! percent|:)",
        lambda m, d: _month_day(d, _MONTHS[m[1].lower()], _ORDINALS.get(m[2].lower()) or int(m[2])),
    ),
    _rule(
        rf"\b(?:the )?({_ORDINAL}) of ({_MONTH})\b",
        lambda m, d: _month_day(d, _MONTHS[m[2].lower()], _ORDINALS[m[1].lower()]),
    ),
    _rule(
        rf"\bnext ({_DAY})\b|\b({_DAY})(?: of)? next week\b|\bnext week (?:on )?({_DAY})\b",
        lambda m, d: _of_week(d, _weekday(m), 1),
    ),
    _rule(rf"\ba week (?:from|on) ({_DAY})\b|\b({_DAY}) week\b", lambda m, d: _next(d, _weekday(m)) + timedelta(7)),
    _rule(
        rf"\b(?:by|before|until|till|on|for|this|come|first thing|end of(?: day)?)?\s*({_DAY})\b(?!'s)",
        lambda m, d: _next(d, _weekday(m)),
    ),
    _rule(
        r"\b(?:by |before |at )?(?:the )?end of next week\b|\bby next week\b|\bnext week\b",
        lambda _, d: _week_end(d, 1),
    ),
    _rule(
        r"\b(?:(?:by |before )?(?:the )?end of (?:(?:the|this) )?week|this week|eow|(?:by|before) the weekend)\b",
        lambda _, d: _week_end(d),
    ),
    _rule(r"\b(?:the )?end of (?:the|this) month\b|\bthis month\b|\bmonth[- ]end\b", lambda _, d: _month_end(d)),
    _rule(r"\b(?:the )?end of next month\b|\bnext month\b", lambda _, d: _month_end(d, 1)),
    _rule(r"\btomorrow\b", lambda _, d: d + timedelta(1)),
    _rule(rf"\b(?:in|within) (?:the next )?({_COUNT_EN}) days?\b", lambda m, d: d + timedelta(_number(m[1].lower()))),
    _rule(
        rf"\b(?:in|within) (?:the next )?({_COUNT_EN}) weeks?\b", lambda m, d: d + timedelta(7 * _number(m[1].lower()))
    ),
    _rule(
        rf"\b(?:by|before|on|until|till|for) the ({_ORDINAL})\b", lambda m, d: _day_of_month(d, _ORDINALS[m[1].lower()])
    ),
    _rule(
        r"\b(?:today|tonight|this (?:afternoon|evening|morning)|end of (?:the )?day|eod|end of play|close of business|"
        r"cob|(?:right )?after (?:this|the)(?: meeting| call|(?= *$)| stand-?up)|(?:before|after|over|at) lunch|"
        r"(?:straight|right) away)\b",
        lambda _, d: d,
    ),
]
_PAST = spoken(
    rf"\b(?:last (?:week|month|night|{_DAY})|yesterday|since (?:{_DAY}))\b",
    rf"\b(?:on )?(?:{_DAY})\b(?=.*\balready\b)",
    r"지난\s*(?:주|달)?\s*(?:[월화수목금토일]요일)?|어제|그제|저번|오늘\s*아침|(?:오늘|내일|[월화수목금토일]요일)부터",
)
_AWAY = re.compile(
    r"\s*\b(?:no later than|by|before|until|till|on|for|in|within|at|this|come|first thing|over)?\s*(?:the )?$", re.I
)
_HOUR = re.compile(
    r"^\s*(?:morning|afternoon|evening|night|noon|at the latest|latest|sharp|at \w+|lunchtime|first thing)\b"
)


def _weekday(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group).lower()
    return _WEEKDAYS[word]


def due(text: str, meeting: date) -> date | None:
    """The day named in a sentence as still to come; None when it names none."""
    rest = _PAST.sub(" ", f" {text} ")
    for rules in (_KOREAN, _ENGLISH):
        for pattern, resolve in rules:
            match = pattern.search(rest)
            if match:
                found = resolve(match, meeting)
                if found is not None and meeting <= found <= meeting + timedelta(days=400):
                    return found
    return None


def without_dates(text: str) -> str:
    """An English phrase without its dates and the prepositions before them."""
    for pattern, _ in _ENGLISH:
        while match := pattern.search(text):
            before = _AWAY.sub("", text[: match.start()])
            after = _HOUR.sub("", text[match.end() :])
            text = f"{before} {after}".strip()
    return re.sub(r"\s+", " ", text).strip(" ,")
