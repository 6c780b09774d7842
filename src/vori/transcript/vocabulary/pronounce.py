"""How words sound, roughly: letters and Hangul as a string of sounds, and how easily one is heard as another. Pure."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

RUN = re.compile(r"[가-힣]|[^\W가-힣_]+")
"""A syllable of Hangul, or other letters and digits in a row."""
SPELLINGS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"^kn", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "s"),
        (r"mb$", "m"),
        (r"sch", "sk"),
        (r"tch|ch", "C"),
        (r"sh", "S"),
        (r"th", "T"),
        (r"ph", "f"),
        (r"ck", "k"),
        (r"dg(?=[eiy])", "J"),
        (r"(ti|ssi)(?=on)", "S"),
        (r"ght", "t"),
        (r"gh", "g"),
        (r"wh", "w"),
        (r"qu", "kw"),
        (r"q", "k"),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"j", "J"),
        (r"al(?=[fmk])", "a"),
        (r"(?<=[aeiou])h", ""),
        (r"[eiy][aeiouy]*", "e"),
        (r"a[aeiouy]*", "a"),
        (r"[ou][aeiouy]*", "o"),
        (r"(.)\1+", r"\1"),
    )
)
"""English spelling to sounds, one after the other, in words of small letters. Vowels fall into three kinds."""

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆ-ㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS: tuple[str, ...] = (
    "",
    *"ㄱㄲ",
    "ㄱㅅ",
    "ㄴ",
    "ㄴㅈ",
    "ㄴㅎ",
    "ㄷ",
    "ㄹ",
    "ㄹㄱ",
    "ㄹㅁ",
    "ㄹㅂ",
    "ㄹㅅ",
    "ㄹㅌ",
    "ㄹㅍ",
    "ㄹㅎ",
)
TAILS += ("ㅁ", "ㅂ", "ㅂㅅ", *"ㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
SAME = str.maketrans({"ㅔ": "ㅐ", "ㅖ": "ㅒ", "ㅚ": "ㅙ", "ㅞ": "ㅙ"})
"""Vowels that today's speakers no longer keep apart."""

ALIKE = (
    (0.25, ("aeo", "ㅏㅑ", "ㅓㅗㅕㅛ", "ㅜㅡㅠ", "ㅡㅓ", "ㅗㅜ", "ㅐㅒ", "ㅣㅟㅢㅐ", "ㅘㅏ", "ㅝㅓ", "ㅙㅐ")),
    (0.3, ("bp", "bv", "dt", "gk", "vf", "vw", "zs", "SCJ", "tT", "Tfs", "wo", "Je", "mn")),
    (0.3, ("ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅅㅆ", "ㅈㅉㅊ", "ㅁㄴㅇ", "ㄴㄹ")),
    (0.5, ("pbfv", "tdT", "kg", "szSCJT", "lr", "ㅅㅈㅊㅆ", "ㄱㄷㅂㅅㅎ", VOWELS)),
)
"""Sounds that are taken for each other at that cost; where two groups hold both, the lower one. Others cost 1."""
FAINT = frozenset("aeohwㅎㅇㅡ")
FAINT_GAP, GAP = 0.4, 0.8
"""Costs of a sound that only one side has."""

SOUNDS = "".join(dict.fromkeys("".join(group for _, groups in ALIKE for group in groups) + "hkx0123456789" + LEADS))
NUMBER = {sound: number for number, sound in enumerate(SOUNDS)}


def sounds_of(run: str) -> str:
    """The sounds of what `RUN` matches."""
    if "가" <= run <= "힣":
        code = ord(run) - ord("가")
        lead, vowel, tail = LEADS[code // 588], VOWELS[code // 28 % 21], TAILS[code % 28]
        return (lead.strip("-") + vowel + tail).translate(SAME)
    letters: str = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", run.lower()))
    for spelling, sound in SPELLINGS:
        letters = spelling.sub(sound, letters)
    return letters


def _costs() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of hearing a sound as another, shape (sounds, sounds), and of one too many; in hundredths."""
    heard_as = np.ones((len(SOUNDS), len(SOUNDS)))
    for cost, groups in reversed(ALIKE):
        for group in groups:
            numbers = [NUMBER[sound] for sound in group]
            heard_as[np.ix_(numbers, numbers)] = cost
    np.fill_diagonal(heard_as, 0)
    gaps = np.array([FAINT_GAP if sound in FAINT else GAP for sound in SOUNDS])
    return np.rint(heard_as * 100).astype(np.int64), np.rint(gaps * 100).astype(np.int64)


HEARD_AS, TOO_MANY = _costs()
