"""How days are named in Korean."""

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

_WEEKDAYS = {day: n for n, day in enumerate("월화수목금토일")}
_DIGITS = {digit: n for n, digit in enumerate("일이삼사오육칠팔구", 1)}
_COUNTS = {word: n for n, word in enumerate(listed("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열"), 1)} | _DIGITS
_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "일주일": 7, "열흘": 10, "보름": 15}
_MONTHS = {"유": 6, "시": 10}

_DAY = r"([월화수목금토일])(?:요일|욜)"
_SHORT_DAY = r"([월화수목금토일])(?:요일|욜|(?=까지|에|\s|,|\.|$))"
_MONTH = r"(?<![\d가-힣])(\d{1,2}|십\s?[일이]|[일이삼사오유육칠팔구시십])\s*월"
_TENS = r"[이삼]?\s?십\s?[일이삼사오육칠팔구]?"
_NUMBER = rf"(\d{{1,2}}|{_TENS}|[일이삼사오육칠팔구])\s*일"
_NOT_LONG = (
    r"(?!\s*(?:안|이내|내로|내에|뒤|후|동안|간|째|정도|치|씩|이나|만에|짜리|걸|차|밖|이면|요일|주일|월|분|명|개))"
)
_THIS, _NEXT = r"(?:이번|요번)\s*", r"(?:다음|담)\s*"
_LONG = r"(?:안|이내|내로|내에|뒤|후|있다가|만에?)"
_COUNT = r"(한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|[일이삼사오육칠팔구]|\d+)"
_HOUR = (
    r"(?<![\d가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열한|열두|열|\d{1,2})\s*시"
    r"(?:\s*(?:반|\d+\s*분|[가-힣]?십\s*분))?"
)


def _number(word: str) -> int:
    """Of digits or in words, up to 99: "15", "십 오", "세"."""
    word = word.replace(" ", "")
    if word.isdigit():
        return int(word)
    if word in _COUNTS:
        return _COUNTS[word]
    tens, _, ones = word.partition("십")
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def _month(word: str) -> int:
    return _MONTHS.get(word) or _number(word)


def _of_month(match: re.Match[str], day: date) -> date | None:
    return month_day(day, _month(match[1]), _number(match[2])) if 1 <= _month(match[1]) <= 12 else None


def _month_ends(match: re.Match[str], day: date) -> date | None:
    return end_of(day, _month(match[1])) if 1 <= _month(match[1]) <= 12 else None


RULES = [
    rule(Kind.YESTERDAY, r"그저께|그제(?!서)|엊그제", -2),
    rule(Kind.YESTERDAY, r"어제|어젯|엊저녁|오늘\s*(?:새벽|아침)에?(?!\s*까지)", -1),
    rule(Kind.MONTH_DAY, rf"{_MONTH}\s*{_NUMBER}(?:이?고?\s*{_DAY})?", _of_month),
    rule(Kind.MONTH_END, rf"{_MONTH}\s*(?:말일|말(?!고|씀|하|해)|마지막\s*날)", _month_ends),
    rule(Kind.MONTH_DAY, rf"(?:{_NEXT}달|내달)\s*{_NUMBER}", lambda m, d: day_of(d, _number(m[1]), 1)),
    rule(Kind.MONTH_DAY, rf"(?:{_THIS}달|이달)\s*{_NUMBER}", lambda m, d: day_of(d, _number(m[1]), 0)),
    rule(Kind.WEEKDAY_OF_WEEK, rf"다다음\s*주\s*,?\s*{_SHORT_DAY}", lambda m, d: of_week(d, _WEEKDAYS[m[1]], 2)),
    rule(
        Kind.WEEKDAY_OF_WEEK,
        rf"(?<!그)(?<!그 )(?:{_NEXT}주|차주)\s*,?\s*{_SHORT_DAY}",
        lambda m, d: of_week(d, _WEEKDAYS[m[1]], 1),
    ),
    rule(Kind.WEEKDAY_OF_WEEK, rf"(?:{_THIS}주|금주)\s*,?\s*{_SHORT_DAY}", lambda m, d: of_week(d, _WEEKDAYS[m[1]], 0)),
    rule(
        Kind.WEEKDAY, r"(?:(?:다음|이번|오는)\s*|(?<![\d가-힣]))주일(?:날|\s*예배|(?=까지))", lambda _, d: coming(d, 6)
    ),
    rule(Kind.IN_DAYS, rf"{_NEXT}주\s*(?:오늘|이\s*시간)", 7),
    rule(Kind.WEEKEND, rf"{_NEXT}주\s*주말|{_NEXT}주말(?:까지|에)", lambda _, d: of_week(d, 6, 1)),
    rule(Kind.THIS_WEEK, r"주말\s*(?:되기\s*|오기\s*)?전", lambda _, d: week_end(d)),
    rule(Kind.WEEKEND, r"(?:이번\s*)?주말", lambda _, d: of_week(d, 6, 0)),
    rule(Kind.NEXT_WEEK, r"다다음\s*주", lambda _, d: week_end(d, 2)),
    rule(Kind.NEXT_WEEK, rf"(?<!그)(?<!그 )(?:{_NEXT}주(?!일)|차주)(?:\s*초)", lambda _, d: of_week(d, 1, 1)),
    rule(Kind.NEXT_WEEK, rf"(?<!그)(?<!그 )(?:{_NEXT}주(?!일)|차주)", lambda _, d: week_end(d, 1)),
    rule(Kind.THIS_WEEK, rf"{_THIS}주(?!일)|금주|주중에|주\s*안(?:에|으로)", lambda _, d: week_end(d)),
    rule(Kind.MONTH_END, rf"{_NEXT}달|내달", lambda _, d: month_end(d, 1)),
    rule(Kind.MONTH_END, rf"{_THIS}달|이달|월말|말일", lambda _, d: month_end(d)),
    rule(Kind.MONTH_END, r"연말(?!정산)|올해\s*안", lambda _, d: date(d.year, 12, 31)),
    rule(Kind.TOMORROW, r"글피", 3),
    rule(Kind.TOMORROW, r"(?:내일\s*|낼\s*)?모레", 2),
    rule(Kind.TOMORROW, r"내일|명일|익일|(?<![가-힣])낼(?=까지|은|도|\s*(?:아침|오전|점심|오후|저녁|밤)|,|\.|$)", 1),
    rule(Kind.TODAY, r"오늘|금일", 0),
    rule(Kind.IN_DAYS, rf"(?<![\d가-힣]){_COUNT}\s*(?:일|밤)\s*{_LONG}", lambda m, d: d + timedelta(_number(m[1]))),
    rule(
        Kind.IN_DAYS,
        rf"(하루|이틀|사흘|나흘|닷새|일주일|열흘|보름)(?:\s*(?:정도|쯤))?\s*{_LONG}",
        lambda m, d: d + timedelta(_DAYS[m[1]]),
    ),
    rule(
        Kind.IN_DAYS,
        rf"(?<![\d가-힣]){_COUNT}\s*주일?\s*{_LONG}",
        lambda m, d: d + timedelta(7 * _number(m[1])),
    ),
    rule(Kind.SOON, rf"{_COUNT}\s*(?:시간|분)\s*(?:안에|이내|내로|뒤|후|있다가|만|이면)", 0),
    rule(Kind.SOON, rf"{_TENS}\s*분\s*(?:안에|이내|내로|뒤|후|있다가|만|이면)", 0),
    rule(Kind.WEEKDAY, rf"지난\s*주?\s*{_DAY}", lambda m, d: going(d, _WEEKDAYS[m[1]])),
    rule(Kind.YESTERDAY, r"지난\s*(?:주|달)|저번\s*(?:주|달)?", -7),
    rule(
        Kind.DAY_OF_MONTH,
        rf"(?<![\d가-힣])(\d{{1,2}})\s*일\s*{_DAY}",
        lambda m, d: day_of_month(d, _number(m[1]), _WEEKDAYS[m[2]]),
    ),
    rule(
        Kind.WEEKDAY,
        rf"(?<!그다음 주 )(?<!그 다음 주 )(?<!전 주 )(?<!전주 ){_DAY}",
        lambda m, d: coming(d, _WEEKDAYS[m[1]]),
    ),
    rule(
        Kind.DAY_OF_MONTH,
        rf"(?<![\d가-힣])(\d{{2}}|{_TENS})\s*일{_NOT_LONG}|(?<![\d가-힣])(\d)\s*일{_NOT_LONG}(?!\s*전)"
        rf"|(?<![\d가-힣])([삼사오육칠팔구])\s?일(?=까지|날)",
        lambda m, d: day_of_month(d, _number(m[1] or m[2] or m[3])),
    ),
    rule(Kind.SOON, r"이따|퇴근\s*(?:전|하기\s*전|길)|당장|지금\s*바로|방금\s*바로", 0),
    rule(Kind.SOON, r"(?:회의|미팅|이거|통화|방송|수업)\s*(?:끝나|마치|후|직후)|끝나고|끝나는\s*대로|끝나자마자", 0),
    rule(Kind.SOON, r"바로\s*(?:해|보내|열|올|할|드릴|처리|넣|적|걸|연락|전화)", 0),
    rule(Kind.SOON, r"(?:나가|가|자|들어가|닫|먹|주무시|넘기)기\s*전|나가면서|가면서|가는\s*길", 0),
    rule(Kind.DAYPART, r"(?:새벽|아침)까지|새벽에(?=.*게요)", 1),
    rule(
        Kind.DAYPART,
        r"점심\s*(?:전|먹기|먹고|후|때|시간|까지|에)|자정|정오(?!표)|(?:오전|오후|저녁|밤)\s*(?:에|까지|안|중|늦게|전|때)",
        0,
    ),
    rule(Kind.HOUR, rf"{_HOUR}(?=까지|까진|에|엔|쯤|이?요|로|\s|,|\.|\?|$)", 0),
]
BESIDE = [
    rule(Kind.BESIDE, r"(?<!오)(?<!이)(?:그\s*)?전날|하루\s*전(?=에|까지|$|,|\.|\s)", -1),
    rule(Kind.BESIDE, r"이틀\s*전(?=에|까지|$|,|\.)", -2),
    rule(Kind.BESIDE, r"(?:그\s*)?다음\s*날|이튿날|그\s*담날", 1),
    rule(Kind.BESIDE, rf"그\s*다음\s*주\s*{_SHORT_DAY}", lambda m, d: of_week(d, _WEEKDAYS[m[1]], 1)),
    rule(Kind.BESIDE, rf"(?:그\s*)?전\s*주\s*{_SHORT_DAY}", lambda m, d: of_week(d, _WEEKDAYS[m[1]], -1)),
    rule(Kind.SAME, r"그날|그때까지|당일", 0),
]
