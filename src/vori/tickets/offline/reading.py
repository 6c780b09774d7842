"""What one sentence does, whatever its language: the words that the rules for Korean and English share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from vori.events import Status


class Morpheme(NamedTuple):
    """A piece of a Korean sentence: dictionary form, part of speech (Sejong tags), place in the sentence."""

    form: str
    tag: str
    start: int
    end: int


class Act(StrEnum):
    """What a sentence does to the work."""

    COMMIT = "commit"
    """The speaker takes work on."""
    OWN = "own"
    """The speaker says whose the work just named is: their own ("that's me", "저요")."""
    REQUEST = "request"
    """The speaker asks somebody to do work."""
    OFFER = "offer"
    """The speaker asks whether to do work ("shall I …?")."""
    ACCEPT = "accept"
    """Agreement with what was just said."""
    REFUSE = "refuse"
    """What was just said shall not be done, or is taken back."""
    NEED = "need"
    """Work, or a fault that calls for work, is named; nobody takes it on yet."""
    REPORT = "report"
    """Something is said to be in a state (`claim`)."""
    DECIDE = "decide"
    """Something is settled."""
    QUESTION = "question"
    NEGATION = "negation"
    """Something is said not to be done, or not begun."""
    SMALL = "small"
    """Small talk, or the running of the meeting itself."""
    NONE = "none"


class Phrase(NamedTuple):
    """What a sentence names."""

    title: str
    """The work as a title; empty when the sentence names none."""
    topic: str
    """What it is about, without the deed."""
    doing: str
    """The deed, as a title says it ("수정", "Fix")."""
    points_back: bool
    """The matter is named by a pronoun or not at all: look at the turns before."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, or a clause of it, read."""

    text: str
    act: Act
    task: str = ""
    """For work: a title for it in its own words; empty when the sentence doesn't name it."""
    topic: str = ""
    """What it is about (a noun phrase), for a later "it"."""
    doing: str = ""
    """What is done to it, as a title would say it ("수정", "Fix")."""
    claim: Status | None = None
    """For a report: the state claimed."""
    reopens: bool = False
    """For a report: work that was finished is said to be open again."""
    outright: bool = True
    """False: the words only suggest it (a hedge, a condition, a plain past tense)."""
    points_back: bool = False
