"""Sentences about tickets and topics, in Korean and English."""

from __future__ import annotations

from collections.abc import Callable

from vori.analytics.insights.numbers import Note, between, days, many_days, number, percent, times
from vori.analytics.insights.trial import Told, Words
from vori.events import Status

Say = Callable[[Told], Words]
NO_REASON = "NO REASON"
"""Of what is blocked without one. Reasons that are given are in small letters."""


def as_if_waited(times: int) -> Note:
    """That others, hardly any of which waited, are taken to have waited so often."""
    if not times:
        return Note()
    return Note(f"다른 팀도 {times}번 기다렸다고 보고 계산, ", f"reckoned as if {times} of theirs waited, too; ")


def _much(told: Told) -> tuple[str, str]:
    """3배, 3 times; of less than one and a half, percent."""
    factor = 1 + told.effect
    if told.effect >= 0.5:
        return f"{number(factor)}배", f"{number(factor)} times as long as"
    up = told.effect > 0
    return (
        f"{percent(told.effect)} {'길게' if up else '짧게'}",
        f"{percent(told.effect)} {'longer' if up else 'shorter'} than",
    )


def _interval(told: Told) -> tuple[str, str]:
    """As factors where the effect is told as one."""
    if told.effect >= 0.5:
        return f"{times(told)}배", f"{times(told)} times"
    return between(told), between(told)


def label_words(label: str, status: Status, means: tuple[float, float], note: Note) -> Say:
    """How long tickets with a label stay in a status beside others."""
    mean, other = means

    def words(told: Told) -> Words:
        ko, en = _much(told)
        interval_ko, interval_en = _interval(told)
        return Words(
            f"{label} 관련 티켓이 {status} 상태에 평균 {days(mean)}일 체류"
            f" (다른 티켓은 {days(other)}일, {ko}. {note.ko}보정한 구간 {interval_ko},"
            f" {told.n}번과 {told.others}번 비교)",
            f"Tickets labelled {label} stay {status} for {many_days(mean)} on average, {en} others"
            f" ({many_days(other)}; {note.en}corrected interval {interval_en}; {told.n} stays against {told.others})",
            f"{label} 티켓을 더 작게 나누거나, 그 상태에 동시에 두는 수를 줄여 보세요.",
            f"Split {label} tickets further, or keep fewer of them in that status at a time.",
        )

    return words


def team_words(status: Status, reason: str | None, means: tuple[float, float], note: Note) -> Say:
    """How long this team's tickets stay in a status, or wait there for something, beside other teams'."""
    mean, other = means

    def words(told: Told) -> Words:
        ko, en = _much(told)
        what_ko, what_en, end_ko = _where(status, reason)
        interval_ko, interval_en = _interval(told)
        return Words(
            f"이 팀의 티켓은 {what_ko} 평균 {days(mean)}일 {end_ko}"
            f" (다른 팀은 {days(other)}일, {ko}. {note.ko}보정한 구간 {interval_ko},"
            f" {told.n}번과 {told.others}번 비교)",
            f"This team's tickets {what_en} for {many_days(mean)} on average, {en} other"
            f" teams' ({many_days(other)}; {note.en}corrected interval {interval_en};"
            f" {told.n} stays against {told.others})",
            *_try_of(reason),
        )

    return words


def _where(status: Status, reason: str | None) -> tuple[str, str, str]:
    """Where tickets stay, or what they wait for there; and how the Korean sentence ends."""
    if reason is None:
        return f"{status} 상태에서", f"stay {status}", "머뭅니다"
    if reason == NO_REASON:
        blocked = f"are blocked without a reason given while {status}"
        return f"{status} 상태에서 이유가 적히지 않은 채", blocked, "막혀 있습니다"
    return f"{status} 상태에서 '{reason}' 때문에", f"are blocked by “{reason}” while {status}", "기다립니다"


def _try_of(reason: str | None) -> tuple[str, str]:
    if reason is None:
        return (
            "그 상태에 동시에 두는 티켓 수에 한도를 정해 보세요.",
            "Try a limit on how many tickets have that status at a time.",
        )
    if reason == NO_REASON:
        return (
            "티켓이 막히면 무엇을 기다리는지 적어 보세요.",
            "Write down what a ticket waits for when it is blocked.",
        )
    return (
        "기다리는 일을 먼저 끝내는 규칙을 정하고, 그 일을 맡을 사람을 늘려 보세요.",
        "Agree to finish what waits before beginning more, and let more people take it on.",
    )


def waiting_words(status: Status, reason: str, share: float) -> Say:
    """That most of the time in a status is waiting."""

    def words(told: Told) -> Words:
        low, high = (int(100 * (0.5 + told.low)), -int(-100 * (0.5 + told.high) // 1))
        unsaid = reason == NO_REASON
        what_ko = "이유가 적히지 않은 채 막힌 시간" if unsaid else f"'{reason}' 대기"
        what_en = "tickets are blocked without a reason given" if unsaid else f"is waiting for “{reason}”"
        return Words(
            f"{status} 상태의 시간 가운데 {percent(share)}가 {what_ko}"
            f" (보정한 구간 {low} ~ {min(high, 100)}%, {told.n}번)",
            f"{percent(share)} of the time in {status} {what_en}"
            f" (corrected interval {low} ~ {min(high, 100)}%; {told.n} stays)",
            *_try_of(reason),
        )

    return words


def reopened_words(whose: tuple[str, str], shares: tuple[float, float], note: Note) -> Say:
    """How often done tickets are opened again, and others."""
    share, other = (percent(one) for one in shares)

    def words(told: Told) -> Words:
        up = told.effect > 0
        return Words(
            f"{whose[0]} 티켓은 끝난 뒤 다시 열리는 비율이 {share}로"
            f" 다른 티켓({other})의 {number(1 + told.effect)}배 ({note.ko}보정한 구간 {times(told)}배,"
            f" 티켓 {told.n}개와 {told.others}개 비교)",
            f"{share} of {whose[1]} are opened again after they were done,"
            f" {number(1 + told.effect)} times as often as others"
            f" ({other}; {note.en}corrected interval {times(told)} times; {told.n} tickets against {told.others})",
            "끝났다고 보는 기준을 함께 정해 보세요."
            if up
            else "이 티켓들은 어떻게 마무리하는지 다른 팀과 나눠 보세요.",
            "Agree on what done means." if up else "Tell others how these are brought to an end.",
        )

    return words


def throughput_words(weeks: int, since: str | None) -> Say:
    """How many tickets are done a week: evenly more or fewer over so many weeks, or at once since a day."""

    def words(told: Told) -> Words:
        up = told.effect > 0
        when_ko, when_en = (f"{since}부터", f"Since {since}") if since else (f"{weeks}주 동안", f"Over {weeks} weeks")
        count_ko = f"{told.n}개와 그 전 {told.others}개 비교" if since else f"{told.n}개"
        count_en = f"{told.n} tickets against {told.others} before" if since else f"{told.n} tickets"
        return Words(
            f"{when_ko} 주마다 끝나는 티켓이 {percent(told.effect)} {'늘었습니다' if up else '줄었습니다'}"
            f" (보정한 구간 {between(told)}, 티켓 {count_ko})",
            f"{when_en} the number of tickets done a week went {'up' if up else 'down'} by"
            f" {percent(told.effect)} (corrected interval {between(told)}; {count_en})",
            "무엇이 달라졌는지 함께 살펴보세요.",
            "Look together at what has changed.",
        )

    return words


def backlog_words(weeks: int) -> Say:
    """That more is opened than done, week after week, or less."""

    def words(told: Told) -> Words:
        up = told.effect > 0
        size, interval = number(abs(told.effect)), f"{told.low:+.1f} ~ {told.high:+.1f}"
        return Words(
            f"{weeks}주 동안 열린 티켓이 주마다 평균 {size}개씩 {'쌓였습니다' if up else '줄었습니다'}"
            f" (보정한 구간 {interval}개)",
            f"Over {weeks} weeks {size} tickets a week were {'opened beyond' if up else 'done beyond'}"
            f" those {'done' if up else 'opened'} (corrected interval {interval})",
            "오래 열린 티켓부터 계속할지 정해 보세요." if up else "지금의 방식을 이어 가 보세요.",
            "Decide of the oldest ones whether they go on." if up else "Go on as you do.",
        )

    return words


def topic_words(label: str, weeks: int, first: float, last: float) -> Say:
    """How a topic's share of the talk changes."""

    def words(told: Told) -> Words:
        up = told.effect > 0
        return Words(
            f"{weeks}주 동안 '{label}' 이야기의 비중이 {percent(first)}에서 {percent(last)}로"
            f" {'늘었습니다' if up else '줄었습니다'} (승산비의 보정한 구간 {times(told)}배, 이야기 {told.n}토막)",
            f"Over {weeks} weeks the share of talk about “{label}” went {'up' if up else 'down'} from {percent(first)}"
            f" to {percent(last)} (corrected interval of its odds {times(told)} times; {told.n} stretches of talk)",
            "이 주제를 다룰 회의나 담당을 따로 둘 때인지 살펴보세요."
            if up
            else "끝난 일인지, 잊힌 일인지 확인해 보세요.",
            "See whether it needs a meeting or an owner of its own."
            if up
            else "Make sure that it is settled and not forgotten.",
        )

    return words
