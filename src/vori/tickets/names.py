"""Who is meant by a name as people say it: with a title, a nickname, half of it, or in the other script. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from vori.people.model import Member

_TITLE = re.compile(
    r"(?:님|씨|군|양|쌤|선배|선생|교수|박사|대리|과장|차장|부장|팀장|실장|본부장|파트장|그룹장|센터장|이사|상무|전무|대표|사장|사원|"
    r"주임|책임|선임|수석|전임|매니저|프로|주무관|주사|사무관|간사|원장|소장|반장|조장|기사|작가|피디|리더|mgr|pm|pd|cto|ceo)$"
)
_ADDRESS = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof|sir)\.?\s+")
_CALLED = re.compile(r"(?<=[가-힣])(?:아|야|이)$")
_NICKNAMES = """alex alexander alexandra alexis; andy andrew; becky rebecca; beth elizabeth; bill william; bob robert;
  chuck charles; dick richard; gabby gabriela gabrielle; harry harold henry; jack john; jim james; kate katherine
  catherine kathryn; kenny kenneth; liz elizabeth; maggie margaret; meg margaret; mike michael; nick nicholas
  nicolas; peggy margaret; rick richard; sasha alexander alexandra; steve steven stephen; ted edward theodore; tony
  anthony; will william"""
_LONG = {short: frozenset(full) for short, *full in (line.split() for line in _NICKNAMES.split(";"))}

_SOUNDS = """g kk n d tt r m b pp s ss - j jj ch k t p h
  a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i
  - k k k n n n t l k m l l l p l m p p t t ng t t k t p t"""
_INITIALS, _VOWELS, _FINALS = ([sound.strip("-") for sound in row.split()] for row in _SOUNDS.splitlines())
"""Hangul's letters by their place in a syllable, in Unicode's order, as they are romanised."""
_FAMILIES = {"이": ("i", "lee", "yi", "rhee"), "박": ("bak", "park"), "최": ("choe", "choi"), "임": ("im", "lim"),
             "유": ("yu", "yoo"), "류": ("ryu", "yoo"), "오": ("o", "oh"), "우": ("u", "woo"), "노": ("no", "roh"),
             "신": ("sin", "shin")}  # fmt: skip
"""Family names that are not written as they sound."""
_SPELLINGS = [("sh", "s"), ("ch", "j"), ("kk", "k"), ("tt", "t"), ("pp", "p"), ("g", "k"), ("d", "t"), ("b", "p"),
              ("r", "l"), ("ll", "l"), ("eo", "u"), ("oo", "u"), ("ou", "u"), ("wu", "u"), ("eu", "u"), ("ee", "i"),
              ("ui", "i"), ("yi", "i"), ("ae", "e")]  # fmt: skip
"""Ways to write a Korean sound, and one for all of them."""


def known_person(name: str | None, people: Iterable[str], members: Iterable[Member] = ()) -> str | None:
    """The person meant by a name; None when it is nobody, or could be two.

    "준호님" and "박 대리님" are 박준호, "Min-ji" is 김민지, "Bob" is Robert Hall. A member by any of their names, where
    it is none of `people`.
    """
    for known in _known(people, members):
        if found := _meant(name or "", known):
            return found[0] if len(found) == 1 else None
    return None


def _known(people: Iterable[str], members: Iterable[Member]) -> Iterable[Sequence[tuple[str, str]]]:
    """Who is asked first, and who after that: (person, name) each."""
    yield [(person, person) for person in people]
    yield [(member.name, calling) for member in members for calling in member.callings]


def _meant(name: str, known: Sequence[tuple[str, str]]) -> Sequence[str]:
    wanted = _bare(name)
    if not wanted:
        return ()
    called = {wanted, _CALLED.sub("", wanted)} if len(wanted) > 2 else {wanted}
    titled = _plain(name) != wanted
    ways: tuple[Callable[[str, str], bool], ...] = (
        lambda calling, _: _plain(calling) == _plain(name),
        lambda _, bare: bare == wanted,
        lambda _, bare: any(_part(one, bare) for one in called),
        lambda _, bare: titled and len(wanted) == 1 and _korean(bare) and bare.startswith(wanted),
        lambda _, bare: _short_for(wanted, bare),
        lambda calling, _: _sounds_like(name, calling),
    )
    bares = [(person, calling, _bare(calling)) for person, calling in known]
    for way in ways:
        found = dict.fromkeys(person for person, calling, bare in bares if bare and way(calling, bare))
        if found:
            return list(found)
    return ()


def said_person(text: str, people: Iterable[str], members: Iterable[Member] = ()) -> str | None:
    """The one person whose given or full name is said in these words; None when that is nobody, or several.

    A member, where it is none of `people`.
    """
    for known in _known(people, members):
        found = {person for person, calling in known if _says(text, calling)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _says(text: str, person: str) -> bool:
    bare = _bare(person)
    if _korean(bare):
        names = {bare, bare[1:] if len(bare) > 2 else bare}
        called = "|".join(re.escape(name) for name in names if len(name) > 1)
        return bool(called) and bool(re.search(rf"(?<![가-힣])(?:{called})(?![가-힣]{{4,}})", text))
    first = person.split(maxsplit=1)[0]
    return len(first) > 1 and bool(re.search(rf"\b{re.escape(first)}(?:'s|\b)", text, re.IGNORECASE))


def _plain(name: str) -> str:
    return re.sub(r"[\s.\-_'’]+", "", unicodedata.normalize("NFKC", name).casefold())


def _bare(name: str) -> str:
    """A name without its title, spaces and hyphens. What would be all title is a name."""
    plain = _plain(_ADDRESS.sub("", unicodedata.normalize("NFKC", name).casefold().strip()))
    while (shorter := _TITLE.sub("", plain)) not in {plain, ""}:
        if shorter[-1:].isascii() and plain.isascii():
            break
        plain = shorter
    return plain


def _korean(name: str) -> bool:
    return all("가" <= letter <= "힣" for letter in name)


def _part(wanted: str, person: str) -> bool:
    """A given or a family name, or the start of one: two letters at least."""
    return len(wanted) >= 2 and (person.endswith(wanted) or person.startswith(wanted))


def _short_for(wanted: str, person: str) -> bool:
    return any(person.startswith(full) for full in _LONG.get(wanted, ())) or any(
        wanted.startswith(full) for full in _LONG.get(person, ())
    )


def _sounds_like(one: str, other: str) -> bool:
    """Whether one is the other in the other script: 김민지 as Minji, Min-ji Kim or Kim Minji."""
    korean, latin = (one, other) if _korean(_bare(one)) else (other, one)
    if not _korean(_bare(korean)) or not _bare(latin).isascii():
        return False
    written, whole = _bare(korean), len(_bare(korean)) > 2
    families = _FAMILIES.get(written[0], (_latin(written[0]),)) if whole else ()
    given = _latin(written[1:] if whole else written)
    forms = {given, *(family + given for family in families), *(given + family for family in families)}
    said = {_bare(latin), *(part for part in map(_bare, latin.split()) if len(part) > 2)}
    return not {_one_spelling(form) for form in forms}.isdisjoint(map(_one_spelling, said))


def _latin(korean: str) -> str:
    written = ""
    for letter in korean:
        first, rest = divmod(ord(letter) - 0xAC00, 588)
        written += _INITIALS[first] + _VOWELS[rest // 28] + _FINALS[rest % 28]
    return written


def _one_spelling(latin: str) -> str:
    for spelling, one in _SPELLINGS:
        latin = latin.replace(spelling, one)
    return latin
