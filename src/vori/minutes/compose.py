"""The minutes of a meeting, from what was said in it and what that did to tickets. Pure: no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from uuid import UUID, uuid5

from vori.events import Evidence, Language, ReportedDecision, Status, UtteranceFinal
from vori.meetings.model import Meeting
from vori.minutes.cues import CLEARED, blocked, decides, promises, sentences
from vori.minutes.discuss import discussed
from vori.minutes.model import Line, Minutes, Participant, Section, Source, State, Step, TicketLine
from vori.minutes.questions import open_questions
from vori.minutes.summarise import Sentence, most_telling, terms
from vori.transcript.naming.model import Names, named
from vori.transcript.outcome import Outcome


def compose(
    meeting: Meeting,
    utterances: Sequence[UtteranceFinal],
    source: Source,
    outcome: Outcome | None = None,
    *,
    names: Names | None = None,
    microphones: Sequence[UUID] = (),
    state: State = "final",
) -> Minutes:
    """The minutes, as VORI writes them by itself.

    All quotes are in the words of `utterances` and under the `names` of now, whatever `source` knew.
    """
    said = sorted(utterances, key=lambda utterance: (utterance.start_ms, utterance.utterance_id))
    record = _Record(meeting, said, names or {})
    tickets = record.tickets(source)
    decisions = record.decisions(find_decisions(said) if source.decisions is None else source.decisions)
    lasted = (meeting.ended_at - meeting.started_at).total_seconds() if meeting.ended_at else 0.0
    return Minutes(
        meeting_id=meeting.meeting_id,
        title=meeting.title,
        language=spoken_language(meeting, said),
        state=state,
        started_at=meeting.started_at,
        duration_ms=max(round(lasted * 1000), max((utterance.end_ms for utterance in said), default=0)),
        rehearsal=meeting.rehearsal,
        participants=_participants(meeting, said),
        summary=record.summary([*tickets, *decisions]),
        decisions=decisions,
        tickets=tickets,
        questions=record.questions(tickets),
        blockers=record.blockers(),
        next_steps=record.next_steps(tickets),
        unheard_ms=outcome.unrecognised_ms if outcome else 0,
        outcome=outcome if outcome and outcome.final else None,
        microphones=tuple(microphones),
    )


def spoken_language(meeting: Meeting, said: Sequence[UtteranceFinal]) -> Language:
    """The pinned language, else the one most was said in."""
    if meeting.language != "auto":
        return meeting.language
    lengths: Counter[Language] = Counter()
    for utterance in said:
        lengths[utterance.language] += utterance.end_ms - utterance.start_ms
    return lengths.most_common(1)[0][0] if lengths else "en"


def find_decisions(said: Sequence[UtteranceFinal]) -> tuple[ReportedDecision, ...]:
    """What was decided, told by its wording alone; few, since most decisions are not worded as such."""
    return tuple(
        ReportedDecision(text=text, evidence=(utterance.evidence,))
        for utterance in said
        for text in sentences(utterance.text)
        if decides(text)
    )


def quoted(evidence: Sequence[Evidence], words: Mapping[UUID, str], names: Names) -> tuple[Evidence, ...]:
    """The same utterances in their words, and under the names, of now."""
    current = (named(said, names) for said in evidence)
    return tuple(said.model_copy(update={"quote": words.get(said.utterance_id, said.quote)}) for said in current)


class _Record:
    """A meeting's words, read section by section."""

    def __init__(self, meeting: Meeting, said: Sequence[UtteranceFinal], names: Names) -> None:
        self.meeting_id = meeting.meeting_id
        self.said = said
        self.names = names
        self.words = {utterance.utterance_id: utterance.text for utterance in said}

    def summary(self, telling: Sequence[Line]) -> tuple[Line, ...]:
        matter = {proof.utterance_id for line in telling for proof in line.evidence}
        spoken = [
            Sentence(turn, text, utterance.utterance_id in matter)
            for turn, utterance in enumerate(self.said)
            for text in sentences(utterance.text)
        ]
        by_turn: dict[int, list[str]] = {}
        for index in most_telling(spoken):
            by_turn.setdefault(spoken[index].turn, []).append(spoken[index].text)
        return tuple(self._line("summary", turn, 0, " ".join(texts)) for turn, texts in by_turn.items())

    def decisions(self, found: Sequence[ReportedDecision]) -> tuple[Line, ...]:
        lines = {line.id: line for line in map(self._reported, found)}
        return tuple(sorted(lines.values(), key=first_said))

    def _reported(self, decision: ReportedDecision) -> Line:
        """What was read out of words that were corrected since gives way to the corrected words."""
        evidence = quoted(decision.evidence, self.words, self.names)
        same = [proof.quote for proof in evidence] == [proof.quote for proof in decision.evidence]
        text = decision.text if same else " ".join(proof.quote for proof in evidence)
        about = ",".join(sorted(str(proof.utterance_id) for proof in evidence))
        told = "" if text == " ".join(proof.quote for proof in evidence) else decision.text
        return Line(id=uuid5(self.meeting_id, f"decisions:{about}:{told}"), text=text, evidence=evidence)

    def tickets(self, source: Source) -> tuple[TicketLine, ...]:
        lines = [
            TicketLine(
                id=uuid5(self.meeting_id, f"tickets:{item.ticket.ticket_id}"),
                news=item.action,
                ticket=item.ticket,
                from_status=item.from_status,
                evidence=quoted(item.evidence, self.words, self.names),
            )
            for item in source.tickets
        ]
        touched = {item.ticket.ticket_id for item in source.tickets}
        waiting = [ticket for ticket in source.open_before if ticket.ticket_id not in touched]
        proofs = {proof.utterance_id for item in source.tickets for proof in item.evidence}
        talked_about = discussed(waiting, [each for each in self.said if each.utterance_id not in proofs])
        lines += [
            TicketLine(
                id=uuid5(self.meeting_id, f"tickets:{ticket.ticket_id}"),
                news="carried_over",
                ticket=ticket,
                evidence=tuple(said.evidence for said in talked_about[ticket.ticket_id]),
            )
            for ticket in waiting
            if ticket.ticket_id in talked_about
        ]
        return tuple(sorted(lines, key=first_said))

    def questions(self, tickets: Sequence[TicketLine]) -> tuple[Line, ...]:
        """What asked for work that now has a ticket is answered by it."""
        made = {proof.utterance_id for line in tickets if line.news == "created" for proof in line.evidence}
        return tuple(
            self._line("questions", turn, number, text)
            for turn, number, text in open_questions(self.said)
            if self.said[turn].utterance_id not in made
        )

    def blockers(self) -> tuple[Line, ...]:
        cleared = [
            (utterance.start_ms, terms(text))
            for utterance in self.said
            for text in sentences(utterance.text)
            if CLEARED.search(text)
        ]

        def still(line: Line) -> bool:
            about = terms(line.text)
            return not any(at > line.evidence[0].start_ms and len(about & gone) >= 2 for at, gone in cleared)

        return tuple(line for line in self._that("blockers", blocked) if still(line))

    def next_steps(self, tickets: Sequence[TicketLine]) -> tuple[Step, ...]:
        """Of tickets that this meeting opened, moved or changed and that aren't done; and promises without a ticket."""
        steps = [
            Step(
                id=uuid5(self.meeting_id, f"next_steps:{line.ticket.ticket_id}"),
                text=line.ticket.title,
                who=line.ticket.assignee,
                due=line.ticket.due,
                ticket_id=line.ticket.ticket_id,
                key=line.ticket.key,
                evidence=line.evidence,
            )
            for line in tickets
            if line.news != "carried_over" and line.ticket.status != Status.DONE
        ]
        ticketed = {proof.utterance_id for line in tickets for proof in line.evidence}
        for line in self._that("next_steps", promises):
            proof = line.evidence[0]
            if proof.utterance_id not in ticketed and len(terms(line.text)) >= 3:
                steps.append(Step(**dict(line), who=proof.speaker))
        return tuple(sorted(steps, key=first_said))

    def _that(self, section: Section, does: Callable[[str], bool]) -> Iterator[Line]:
        for turn, utterance in enumerate(self.said):
            for number, text in enumerate(sentences(utterance.text)):
                if does(text):
                    yield self._line(section, turn, number, text)

    def _line(self, section: Section, turn: int, number: int, text: str) -> Line:
        proof = self.said[turn].evidence
        name = f"{section}:{proof.utterance_id}" + (f":{number}" if number else "")
        return Line(id=uuid5(self.meeting_id, name), text=text, evidence=(proof,))


def _participants(meeting: Meeting, said: Sequence[UtteranceFinal]) -> tuple[Participant, ...]:
    talk: Counter[tuple[str | None, UUID | None, int | None]] = Counter()
    talk.update({(name, None, None): 0 for name in meeting.participants})
    for utterance in said:
        unnamed = utterance.speaker is None and utterance.voice is not None
        voice = (utterance.stream, utterance.voice) if unnamed else (None, None)
        talk[(utterance.speaker, *voice)] += utterance.end_ms - utterance.start_ms
    order = sorted(talk.items(), key=lambda entry: (-entry[1], entry[0][0] is None, entry[0][0] or "", str(entry[0])))
    return tuple(
        Participant(name=who[0], stream=who[1], voice=who[2], talk_ms=talk_ms, percent=percent)
        for (who, talk_ms), percent in zip(order, shares([talk_ms for _, talk_ms in order]), strict=True)
    )


def shares(parts: Sequence[int]) -> list[int]:
    """Each part in percent of the whole, rounded so that they add up to 100; nothing of nothing."""
    whole = sum(parts)
    if not whole:
        return [0] * len(parts)
    percents = [part * 100 // whole for part in parts]
    nearest_above = sorted(range(len(parts)), key=lambda index: (-(parts[index] * 100 % whole), index))
    for index in nearest_above[: 100 - sum(percents)]:
        percents[index] += 1
    return percents


def first_said(line: Line) -> tuple[int, str]:
    """What lines are sorted by."""
    first = min((proof.start_ms for proof in line.evidence), default=0)
    return first, line.ticket.key if isinstance(line, TicketLine) else line.text
