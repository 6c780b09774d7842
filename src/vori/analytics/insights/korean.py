"""Korean words with the particle that suits their last sound."""

from __future__ import annotations

Particle = str
"""After a consonant / after a vowel, as in 은/는."""
LAST_OF_DIGITS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
"""영 일 삼 육 칠 팔 end in a consonant, 이 사 오 구 in none."""
CLOSED_LETTERS = {
    "l": "ㄹ",
    "r": "ㄹ",
    "m": "ㅁ",
    "n": "ㄴ",
    "b": "ㅂ",
    "c": "ㄱ",
    "k": "ㄱ",
    "p": "ㅂ",
    "t": "ㅅ",
    "g": "ㅇ",
}
"""Last letters of English words that Korean closes a syllable with: backend(으)로 has none, review none, team ㅁ."""
SILENT = " '\"’”」』)]}.,!?·"


def with_particle(word: str, particle: Particle) -> str:
    """`word` with 은/는, 이/가, 을/를, 과/와 or 으로/로."""
    closed, open_ = particle.split("/")
    last = _last_consonant(word.rstrip(SILENT))
    if last == "ㄹ" and closed == "으로":
        last = ""
    return word + (closed if last else open_)


def _last_consonant(word: str) -> str:
    if not word:
        return ""
    last = word[-1]
    if "가" <= last <= "힣":
        place = (ord(last) - ord("가")) % 28
        return "ㄹ" if place == 8 else "ㅇ" if place else ""
    return LAST_OF_DIGITS.get(last) or CLOSED_LETTERS.get(last.lower(), "")
