"""New work: who asked, who took it on, and which turns belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vori.events import Status
from vori.tickets.model import Decision, Lane, Proposal, Talk
from vori.tickets.offline.dates import due
from vori.tickets.offline.matching import Matcher, alike, best, language_of, names_another
from vori.tickets.offline.reading import Act, Saying
from vori.tickets.offline.work import is_work

BACK = 4
"""Turns before a promise in which its task may have been named."""
REPLY = 2
"""Turns after a request in which it is answered."""
SAME = 0.6
"""Alikeness from which two phrases name the same work."""
EXISTS = 1.35
"""Score from which talk of work means a ticket that exists."""
APPLIED, PENDING, REVIEW = 0.75, 0.5, 0.4
QUOTED = 6
TITLE_LENGTH = 120


_FINISHES = re.compile(r"끝|마무리|완료|완성|마저|계속|\b(?:done|finish|complete|wrap|continue|ready|out)\b", re.I)
_WHEN = re.compile(r"언제|\b(?:by )?when\b", re.I)


@dataclass(slots=True)
class Draft:
    """A ticket in the making."""

    saying: Saying
    anchor: int
    turns: list[int]
    assignee: str | None
    taken: bool
    """Somebody said that they do it."""
    outright: bool
    due: date | None = None
    dropped: bool = False
    bare: bool = False
    """It rests on a plain yes of somebody whom nobody had named."""
    close: bool = False
    """It comes near a ticket that exists, though it names something else."""
    context: Saying | None = None
    """What was named before, when the promise only points back."""

    @property
    def words(self) -> str:
        return " ".join(
            part for part in (self.saying.task, self.saying.topic, self.context.topic if self.context else "") if part
        )


class Threads:
    """Reads a talk from its first turn to its last and keeps the drafts."""

    def __init__(self, talk: Talk, readings: Sequence[Sequence[Saying]], matcher: Matcher) -> None:
        self._talk = talk
        self._readings = readings
        self._matcher = matcher
        self._drafts: list[Draft] = []
        self._people = talk.everyone()

    def drafts(self) -> list[Draft]:
        for i, sayings in enumerate(self._readings):
            for saying in sayings:
                if saying.act is Act.COMMIT:
                    self._commit(i, saying)
                elif saying.act is Act.REQUEST:
                    self._request(i, saying)
                elif saying.act in {Act.ACCEPT, Act.OWN}:
                    self._answer(i, saying)
                elif saying.act is Act.REFUSE:
                    self._refuse(i, saying)
        for draft in self._drafts:
            self._find_due(draft)
            draft.close = self._nearest(draft.saying.text)[1] >= EXISTS
        return [
            draft
            for draft in self._drafts
            if (not draft.dropped and draft.saying.task) or (draft.context and not draft.dropped)
        ]

    def _commit(self, i: int, saying: Saying) -> None:
        speaker = self._talk.turns[i].speaker
        asked = self._open_request(i, saying)
        if asked is not None:
            asked.turns.append(i)
            asked.assignee = speaker or asked.assignee
            asked.taken, asked.outright = True, asked.outright or saying.outright
            if saying.task and not saying.points_back and len(saying.task) > len(asked.saying.task):
                asked.saying = saying
            return
        same = self._same_work(i, saying)
        if same is not None:
            if i not in same.turns:
                same.turns.append(i)
            if saying.task and not same.saying.task:
                same.saying, same.context = saying, None
            return
        if saying.points_back or not saying.task:
            named = self._named_before(i)
            if named is None:
                return
            j, context = named
            if self._exists(context) or self._exists(saying):
                return
            self._drafts.append(Draft(saying, i, [j, i], speaker, True, saying.outright, context=context))
            return
        if self._exists(saying):
            return
        near = self._supports(i, saying)
        self._drafts.append(Draft(saying, i, [*near, i], speaker, True, saying.outright))

    def _request(self, i: int, saying: Saying) -> None:
        if not saying.task or self._exists(saying):
            return
        whom = self._addressee(i, saying.text)
        same = self._same_work(i, saying)
        if same is not None:
            return
        context = None
        turns = [i]
        if saying.points_back and (named := self._named_before(i)):
            turns, context = [named[0], i], named[1]
        self._drafts.append(Draft(saying, i, turns, whom, False, saying.outright, context=context))

    def _answer(self, i: int, saying: Saying) -> None:
        """ "Will do", "저요": takes on what was asked or named just before."""
        speaker = self._talk.turns[i].speaker
        asked = self._open_request(i, saying)
        if asked is not None:
            if saying.act is Act.OWN or asked.assignee == speaker or (saying.outright and asked.assignee is None):
                asked.turns.append(i)
                asked.bare = saying.act is Act.ACCEPT and asked.assignee is None
                asked.assignee, asked.taken = speaker or asked.assignee, True
            return
        offered = self._offer_before(i)
        if offered is not None and saying.act is Act.ACCEPT:
            j, offer = offered
            self._drafts.append(Draft(offer, j, [j, i], self._talk.turns[j].speaker, True, True, bare=True))
            return
        if saying.act is Act.OWN:
            named = self._named_before(i)
            if named is not None and not self._exists(named[1]) and not self._exists(saying):
                self._drafts.append(Draft(saying, i, [named[0], i], speaker, True, False, context=named[1]))

    def _refuse(self, i: int, saying: Saying) -> None:
        """Takes back what was promised or asked just before."""
        for draft in reversed(self._drafts):
            if i - draft.turns[-1] > REPLY:
                break
            near = i - draft.turns[-1] <= 1
            about = alike(saying.topic or saying.text, draft.words) >= 0.5 if saying.topic else near
            own = self._talk.turns[i].speaker == self._talk.turns[draft.turns[-1]].speaker
            if about or (near and (own or not draft.taken) and saying.points_back):
                draft.dropped = True
                break

    def _open_request(self, i: int, saying: Saying) -> Draft | None:
        """The request that this turn answers: not the speaker's own, and asked a moment ago."""
        speaker = self._talk.turns[i].speaker
        for draft in reversed(self._drafts):
            if draft.taken or draft.dropped or i - draft.turns[-1] > REPLY + 1 or draft.anchor == i:
                continue
            if speaker is not None and self._talk.turns[draft.anchor].speaker == speaker:
                continue
            if draft.assignee not in {None, speaker} and speaker is not None:
                continue
            alikeness = alike(saying.task or saying.topic, draft.words)
            if (
                saying.act is not Act.COMMIT
                or saying.points_back
                or not saying.task
                or alikeness >= 0.35
                or (i - draft.turns[-1] <= 1 and alikeness >= 0.2)
            ):
                return draft
        return None

    def _same_work(self, i: int, saying: Saying) -> Draft | None:
        """A draft for the same work: named alike, or another sentence of the same turn that only points."""
        asked_when = i > 0 and bool(_WHEN.search(self._talk.turns[i - 1].text))
        for draft in reversed(self._drafts):
            if draft.dropped:
                continue
            mine = draft.assignee is not None and draft.assignee == self._talk.turns[i].speaker
            if asked_when and mine and i - draft.turns[-1] <= 2:
                return draft
            if i in draft.turns and (saying.points_back or draft.saying.points_back):
                return draft
            if (
                saying.task
                and draft.saying.task
                and alike(saying.task, draft.saying.task) >= SAME
                and i - draft.turns[-1] <= 12
            ):
                return draft
        return None

    def _named_before(self, i: int) -> tuple[int, Saying] | None:
        """The nearest turn before that names work, or a fault, without anyone taking it on."""
        for j in range(i - 1, max(-1, i - 1 - BACK), -1):
            for saying in reversed(self._readings[j]):
                if saying.act in {Act.NEED, Act.OFFER} and saying.topic and not saying.points_back:
                    return j, saying
            if any(j in draft.turns for draft in self._drafts):
                return None
        return None

    def _supports(self, i: int, saying: Saying) -> list[int]:
        """Turns just before that name the same work (a need, a suggestion)."""
        for j in range(i - 1, max(-1, i - 1 - BACK), -1):
            for before in self._readings[j]:
                if before.act in {Act.NEED, Act.OFFER} and before.topic and alike(before.topic, saying.task) >= SAME:
                    return [j]
        return []

    def _offer_before(self, i: int) -> tuple[int, Saying] | None:
        for j in range(i - 1, max(-1, i - 1 - REPLY), -1):
            for saying in self._readings[j]:
                if (
                    saying.act is Act.OFFER
                    and saying.task
                    and self._talk.turns[j].speaker != self._talk.turns[i].speaker
                ):
                    return j, saying
        return None

    def _exists(self, saying: Saying) -> bool:
        """Is this about a ticket there is: near its title, and not some other work on the same thing?"""
        title, score = self._nearest(saying.text)
        if score < EXISTS:
            return False
        return bool(_FINISHES.search(saying.text)) or not names_another(saying.text, saying.task, title)

    def _nearest(self, text: str) -> tuple[str, float]:
        """(title, score) of the ticket nearest to a text."""
        if not self._talk.tickets:
            return "", 0.0
        k, score, _ = best(self._matcher.scores(text))
        return self._talk.tickets[k].title, score

    def _addressee(self, i: int, text: str) -> str | None:
        """Whom a request names; else nobody is known."""
        speaker = self._talk.turns[i].speaker
        return next((name for name in self._people if name != speaker and is_named(name, text)), None)

    def _find_due(self, draft: Draft) -> None:
        """The last day named in its turns, or in the answer to "until when?" just after."""
        for j in sorted(draft.turns, reverse=True):
            draft.due = draft.due or due(self._talk.turns[j].text, self._talk.date)
        if draft.due is None:
            end = draft.turns[-1]
            for j in range(end + 1, min(len(self._readings), end + 1 + REPLY)):
                acts = {saying.act for saying in self._readings[j]}
                if acts & {Act.COMMIT, Act.REQUEST, Act.REPORT, Act.DECIDE, Act.NEED, Act.SMALL}:
                    break
                found = due(self._talk.turns[j].text, self._talk.date)
                if found and not (acts & {Act.QUESTION}):
                    draft.due = found
                    draft.turns.append(j)
                    break


def is_named(name: str, text: str) -> bool:
    """Does the text name this person ("지훈님", "Jay")?"""
    if language_of(name) == "ko":
        short = name[-2:] if len(name) >= 3 and " " not in name else name.rsplit(maxsplit=1)[-1]
        return bool(re.search(rf"{re.escape(short)}(?:이|님|씨|아|야|가|은|는|도|,| |에게|한테|$)", text))
    return bool(re.search(rf"\b{re.escape(name.split(maxsplit=1)[0])}\b", text, re.I))


def proposals(talk: Talk, readings: Sequence[Sequence[Saying]], matcher: Matcher) -> tuple[Proposal, ...]:
    """The tickets that a talk opens, in the order of their anchors."""
    found = []
    for draft in Threads(talk, readings, matcher).drafts():
        certainty = _certainty(draft)
        if certainty < REVIEW:
            continue
        title = _title(draft, talk.everyone())
        if not title:
            continue
        lane: Lane = "applied" if certainty >= APPLIED else "pending" if certainty >= PENDING else "review"
        turns = sorted(set(draft.turns))
        found.append(
            Proposal(
                title=title,
                content="\n".join(f"> {_quoted(talk, j)}" for j in turns[:QUOTED]),
                status=Status.TODO,
                assignee=draft.assignee,
                due=draft.due,
                evidence_ids=tuple(talk.turns[j].id for j in turns),
                certainty=round(certainty, 2),
                lane=lane,
                reason=_reason(draft, talk),
            )
        )
    return tuple(found)


def decisions(talk: Talk, readings: Sequence[Sequence[Saying]]) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            re.sub(
                r"^(?:네|예|아|음|그럼|그러면|자|yes|yeah|okay|ok|all right|right|so|no)[,.]? ",
                "",
                saying.text,
                flags=re.I,
            ),
            (turn.id,),
        )
        for turn, sayings in zip(talk.turns, readings, strict=True)
        for saying in sayings
        if saying.act is Act.DECIDE and saying.outright
    )


def _certainty(draft: Draft) -> float:
    """0 to 1: who takes it on, whether it has a name, a day, a second voice, and whether it sounds like work."""
    named = bool(draft.saying.topic and not draft.saying.points_back)
    return (
        0.1
        + 0.2 * draft.taken
        + 0.1 * (draft.assignee is not None)
        + 0.15 * named
        + 0.2 * (draft.due is not None)
        + 0.2 * (len(draft.turns) > 1)
        + 0.2 * is_work(draft.saying.doing)
        - 0.25 * (not draft.outright)
        - 0.2 * draft.bare
        - 0.3 * draft.close
    )


def _title(draft: Draft, names: Sequence[str]) -> str:
    """A short name for the work; what a promise only points at is taken from the turn before."""
    title = draft.saying.task
    context = draft.context
    if context is not None:
        topic, doing = context.topic, draft.saying.doing
        if language_of(topic) == "ko":
            title = (
                context.task
                if draft.saying.act is Act.OWN or not doing or (doing in {"확인", "하기"} and context.task)
                else f"{topic} {doing}".strip()
            )
        elif draft.saying.act is Act.OWN or not doing:
            title = context.task or topic
        else:
            title = re.sub(r"\b(?:it|that|this|them|those)\b", f"the {topic}", draft.saying.doing, count=1)
    for name in names:
        short = name[-2:] if language_of(name) == "ko" and len(name) == 3 else name
        title = re.sub(rf"^{re.escape(short)}(?:님|씨)?(?:이|가|은|는|도)? ", "", title)
    title = title.strip()
    return (title[:1].upper() + title[1:])[:TITLE_LENGTH]


def _quoted(talk: Talk, j: int) -> str:
    turn = talk.turns[j]
    return f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text


def _reason(draft: Draft, talk: Talk) -> str:
    korean = language_of(talk.turns[draft.anchor].text) == "ko"
    who = draft.assignee
    if draft.taken:
        return (
            f"{who + ' 님이' if who else '누군가'} 맡겠다고 말했습니다."
            if korean
            else f"{who or 'Somebody'} said they would do it."
        )
    asker = talk.turns[draft.anchor].speaker
    return (
        f"{asker + ' 님이' if asker else '누군가'} 부탁했습니다." if korean else f"{asker or 'Somebody'} asked for it."
    )
