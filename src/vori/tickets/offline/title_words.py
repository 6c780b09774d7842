"""The words of talk that a title may be made of: as a title shows them, with what kind of word each is."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vori.tickets.offline.dates import without_dates
from vori.tickets.offline.english import sentences
from vori.tickets.offline.korean_titles import DEED_OF, eojeols, is_person, undated
from vori.tickets.offline.matching import language_of
from vori.tickets.offline.patterns import listed
from vori.tickets.offline.reading import Morpheme

THING, DEED, HOW, GLUE, IDLE = range(5)
"""Names something; says what is done; tells which or how; holds other words together; has no place in a title."""


@dataclass(frozen=True, slots=True)
class Word:
    """`text` as a title shows it, `key` for comparing; `glue`: the particle or preposition that came with it."""

    text: str
    key: str
    kind: int
    clause: int
    glue: str = ""
    number: bool = False
    proper: bool = False


_GLUE = frozenset(
    listed(
        "the a an of to for in on at from with by into about and or per between against before after under without "
        "onto off up out over as via around through plus behind near inside outside along towards toward beside below "
        "above &"
    )
)
_DETERMINERS = frozenset(listed("the a an my our your his her their its this that these those some any all each every"))
_IDLE = frozenset(
    listed(
        "i i'm i've i'll i'd we we're we've we'll we'd you you're you'll you've you'd he he's he'll she she's she'll "
        "they they're they'll they've it it's it'll that's this that these those there there's there'll here "
        "here's what what's where where's who who's whose how when why which me us them him mine yours ours "
        "theirs myself yourself ourselves is are was were be been being am isn't aren't wasn't weren't has have had "
        "having haven't hasn't hadn't do does did don't doesn't didn't doing done will would won't wouldn't can could "
        "can't couldn't shall should shouldn't may might must need needs needed let let's gonna wanna gotta got "
        "going go gone goes went come comes came okay ok yeah yep yes no nah nope oh ah um uh well hey hi right so "
        "then but if because since unless while although though just also too still already actually really maybe "
        "perhaps probably basically literally honestly please thanks thank sorry sure fine good great nice lovely "
        "grand cool perfect like kind sort stuff thing things something anything nothing everything somebody someone "
        "anybody anyone nobody everybody everyone one ones way lot bit very quite pretty rather only even again ever "
        "never always not now soon later today tomorrow yesterday tonight morning afternoon evening week month "
        "think thinking know knows mean means guess suppose say says said saying see look looks want wants wanted "
        "ought able happy happens sounds seems wait listen remember aye mm hmm er mind once than ours mate love "
        "else much many more most less too such both whatever anyway anyways till until yet ago etc thought says "
        "told try tell point fair idea reckon bloody lads folks guys ya yes'm who'd that'll that'd it'd what'll"
    )
)
FUNCTION = _GLUE | _DETERMINERS
_DAYS = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?:'s)?|(?:twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth|tenth|twelfth|thirteenth|\w+teenth|twentieth|thirtieth)|\d+(?:st|nd|rd|th|am|pm)|o'clock|weekend|noon|lunch|"
    r"lunchtime|midnight|january|february|april|june|july|august|september|october|november|december|half-\w+"
)
_SPEAKS = frozenset(
    listed(
        "to i'll we'll you'll will can could should must please let's would gonna and or just i we you then me "
        "somebody someone they she he who that'll it'll i'd go"
    )
)
"""After these, a word that may be a verb is one."""
_SUBJECTS = frozenset(
    listed(
        "i we they you he she who i'll we'll you'll they'll he'll she'll can could should must would will let's don't "
        "didn't"
    )
)
"""After these, a word that names nothing known is a verb."""
_IRREGULAR = dict(
    pair.split(":")
    for pair in listed(
        "sent:send wrote:write written:write got:get gotten:get made:make bought:buy found:find took:take taken:take "
        "built:build drew:draw drawn:draw told:tell paid:pay ran:run chose:choose chosen:choose brought:bring "
        "kept:keep held:hold left:leave spoke:speak spoken:speak met:meet gave:give given:give sold:sell cut:cut "
        "rang:ring rung:ring redone:redo rewritten:rewrite rewrote:rewrite hung:hang lent:lend swapped:swap "
        "shown:show wrote:write put:put set:set read:read stuck:stick dug:dig sorted:sort"
    )
)
_LEAD = re.compile(r"[,;:()\"“”]+|\s[–—-]+\s|\.\.+|\b(?:because|but|so|if|since|unless|while|although|which)\b", re.I)


def key_of(word: str) -> str:
    """A word without its ending, so that "gears" is "gear"."""
    low = word.lower().strip("'’.-")
    if language_of(low) == "ko":
        return low.replace(" ", "")
    low = re.sub(r"['’]s?$", "", low)
    for end, least in (("ies", 3), ("ing", 4), ("ed", 4), ("es", 4), ("s", 3), ("e", 4), ("y", 4)):
        if low.endswith(end) and len(low) - len(end) >= least and not low.endswith("ss"):
            return low[: -len(end)]
    return low


@lru_cache(maxsize=8192)
def base_of(word: str, verbs: frozenset[str]) -> str:
    """The known verb that a word is a form of, or nothing."""
    low = word.lower()
    low = _IRREGULAR.get(low, low)
    if low in verbs:
        return low
    for end in ("ing", "ed", "es", "s", "d"):
        if low.endswith(end) and len(low) > len(end) + 1:
            stem = low[: -len(end)]
            doubled = len(stem) > 3 and stem[-1] == stem[-2]
            for tried in (stem, stem + "e", stem[:-1] if doubled else stem, stem[:-1] + "y"):
                if tried in verbs:
                    return tried
    return ""


@lru_cache(maxsize=4096)
def english(text: str, names: frozenset[str], verbs: frozenset[str]) -> tuple[Word, ...]:
    """The words of an English turn; dates and fillers are left out, clauses are numbered."""
    found: list[Word] = []
    clause = 0
    for sentence in sentences(text):
        for part in _LEAD.split(without_dates(sentence)):
            clause += 1
            said = re.findall(r"[£$€#]?[\w][\w'’./-]*[\w%]|[£$€#]?\w|&", part)
            found += [_english(said, i, clause, names, verbs) for i in range(len(said))]
    return tuple(found)


def _english(said: Sequence[str], i: int, clause: int, names: frozenset[str], verbs: frozenset[str]) -> Word:
    raw = said[i]
    low = raw.lower().replace("’", "'")
    before = said[i - 1].lower() if i else ""
    base = base_of(low, verbs)
    after = said[i + 1].lower() if i + 1 < len(said) else ""
    proper = raw[0].isupper() and (i > 0 or raw[1:] != raw[1:].lower())
    text = raw if raw != raw.capitalize() or proper or low in {"mr", "mrs", "ms", "miss", "dr", "prof"} else low
    if re.sub(r"'s$", "", low) in names or (
        _DAYS.fullmatch(low) and not (low in {"first", "second"} and before == "the")
    ):
        kind = IDLE
    elif low in _DETERMINERS and after and after not in _IDLE | _GLUE:
        kind, text = GLUE, "the" if low not in {"a", "an", "each", "every", "all"} else low
    elif low in _GLUE:
        kind = GLUE
    elif low in _IDLE or ("'" in low and not low.endswith("'s")):
        kind = IDLE
    elif base:
        kind = _verb_kind(low, base, before, after)
    elif low.endswith("ed") and len(low) > 4 and (not after or after in _IDLE | FUNCTION):
        kind = DEED
    elif low.endswith("ly") and len(low) > 5:
        kind = HOW
    else:
        kind = THING
    if kind == THING and before in _SUBJECTS:
        kind = DEED
    glue = before if before in FUNCTION else ""
    return Word(
        text, (base or key_of(low)) if kind == DEED else key_of(low), kind, clause, glue, raw[-1].isdigit(), proper
    )


def _verb_kind(low: str, base: str, before: str, after: str) -> int:
    """A word that may be a verb: whether it is one here."""
    bare = not after or after in _IDLE | FUNCTION
    if not before or before in _SPEAKS:
        return DEED
    if low == base:
        return THING
    if low.endswith("ing"):
        return DEED if before in _IDLE else THING
    if low.endswith("s"):
        return DEED if after in _DETERMINERS else THING
    return DEED if bare or before in _IDLE else HOW


_STRIPPED = {"JKO", "JX", "JKS", "JKG", "JKB", "JKV", "JC", "JKC", "JKQ", "SF", "SP", "SE", "SS", "SO", "SW", "IC"}
_NOUNS = {"NNG", "NNP", "SL", "XR", "SN", "SH", "XSN", "NNB", "NR", "XPN", "MM"}
_KOREAN_IDLE = frozenset(
    listed(
        "거 것 수 줄 때 데 게 건 걸 번 쪽 편 분 말 점 뭐 무엇 누구 어디 언제 왜 그거 이거 저거 그것 이것 저것 "
        "여기 거기 저기 그쪽 이쪽 저 나 너 제 내 니 우리 저희 다 더 좀 잘 안 못 네 예 응 어 음 아 자 "
        "그 이 저 그런 이런 저런 무슨 어떤 일단 그냥 지금 바로 먼저 이제 다시 계속 같이 직접 혹시 진짜 정말 "
        "오늘 내일 모레 하나 개인 사람 일 생각 정도 "
        "그때 이번 다음 지난 걔 얘 쟤 얘기 문제 부탁 필요 감사 확실 가능 때문 덕분 처럼 "
        "날 날짜 누가 아무 본인 자기 그중 이따"
    )
)
_VERBS_IDLE = frozenset(
    listed(
        "하 되 있 없 같 그러 그렇 이러 이렇 어떻 어쩌 알 모르 주 드리 보 오 가 말 싶 좋 싫 죽 살 나 들 해보 "
        "맞 되 이 아니 돼 가지 갖 두 놓 나오 들어가 나가 들어오 맡 맡기 남 지나 끝나 걸리 생기 계시 듣 떨어지"
    )
)


_LETTERS = dict(
    pair.split(":")
    for pair in listed(
        "에이치:H 더블유:W 에이:A 비:B 씨:C 시:C 디:D 이:E 에프:F 지:G 아이:I 제이:J 케이:K 엘:L 엠:M 엔:N "
        "오:O 피:P 큐:Q 알:R 에스:S 티:T 유:U 브이:V 엑스:X 와이:Y 제트:Z"
    )
)
_SPELT = re.compile("|".join(_LETTERS))
_SURELY = re.compile("에이|더블유|에프|아이|제이|케이|에스|브이|엑스|와이")


@lru_cache(maxsize=4096)
def spelt(noun: str) -> str:
    """Latin letters where a noun is nothing but their names ("에스디케이": SDK)."""
    if len(noun) > 2 and _SURELY.search(noun) and re.fullmatch(f"(?:{_SPELT.pattern}){{2,}}", noun):
        return _SPELT.sub(lambda m: _LETTERS[m[0]], noun)
    return noun


def korean(parsed: Sequence[tuple[str, Sequence[Morpheme]]], names: Collection[str]) -> tuple[Word, ...]:
    """The words of a Korean turn that has been split into sentences and morphemes."""
    found: list[Word] = []
    for clause, (sentence, morphemes) in enumerate(parsed):
        pending = ""
        for part in undated([word for word in eojeols(morphemes) if not is_person(word)]):
            for word in _korean(sentence, part, clause, names):
                if pending and word.kind == THING:
                    text = f"{pending} {word.text}"
                    found.append(Word(text, key_of(text), THING, clause, word.glue, True))
                elif word.kind != GLUE:
                    found.append(word)
                pending = word.text if word.kind == GLUE else ""
    return tuple(found)


def _korean(sentence: str, part: Sequence[Morpheme], clause: int, names: Collection[str]) -> list[Word]:
    """One written word: a noun with its particle, a verb as the noun of its deed, or both."""
    head = [m for m in part if m.tag not in _STRIPPED]
    glue = "".join(m.form for m in part if m.tag in {"JKO", "JKG", "JKB", "JC", "JX", "JKS"})
    if not head or any(m.tag == "NP" for m in head):
        return []
    nouns = []
    for m in head:
        if m.tag not in _NOUNS:
            break
        nouns.append(m)
    rest = head[len(nouns) :]
    shown = sentence[nouns[0].start : max(m.end for m in nouns)].strip(" ,.…?!~\"'") if nouns else ""
    shown = spelt(shown)
    found: list[Word] = []
    if nouns and rest and rest[0].tag == "XSV":
        return [Word(shown, key_of(shown), DEED if shown not in _KOREAN_IDLE else IDLE, clause, rest[-1].form)]
    if nouns:
        counts = nouns[0].tag in {"SN", "NR", "MM"}
        if len(nouns) == 1 and nouns[0].tag in {"MM", "NR"} and not glue and not rest:
            return [Word(shown, shown, GLUE if shown not in _KOREAN_IDLE else IDLE, clause)]
        idle = shown in _KOREAN_IDLE or shown in names or (shown[:-1] in names and shown[-1:] in "님씨")
        idle = idle or all(m.tag in {"NNB", "XSN"} for m in nouns)
        proper = any(m.tag in {"NNP", "SL"} for m in nouns)
        found.append(Word(shown, key_of(shown), IDLE if idle and not counts else THING, clause, glue, counts, proper))
    verb = next((m for m in rest if m.tag in {"VV", "VA"}), None)
    if verb is None or verb.form in _VERBS_IDLE or (verb.tag == "VA" and not any(m.tag == "ETM" for m in rest)):
        return found
    if rest[-1].tag == "ETM" and len(rest) > 1:
        text = sentence[rest[0].start : rest[-1].end].strip()
        found.append(Word(text, key_of(text), HOW, clause, "ETM"))
    else:
        deed = DEED_OF.get(verb.form, verb.form + "기")
        found.append(Word(deed, key_of(deed), DEED, clause, rest[-1].form))
    return found
