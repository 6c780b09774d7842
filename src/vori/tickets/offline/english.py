"""Rules for English: what a sentence does, read off its phrases."""

from __future__ import annotations

import re

from vori.events import Status
from vori.tickets.offline.english_titles import phrase, topic_of
from vori.tickets.offline.patterns import either, spoken, words
from vori.tickets.offline.reading import Act, Phrase, Saying

_FILLERS = re.compile(r"\b(?:um+|uh+|er+m?|you know|i mean|sort of|kind of|basically|like,|hmm+|mm+|eh)\b,?", re.I)
_TWICE = re.compile(r"\b(\w+)(?: \1\b)+", re.I)
_CONTRACTED = {
    r"\bill (?=\w)": "i'll ",
    r"\bim\b": "i'm",
    r"\bive\b": "i've",
    r"\bdont\b": "don't",
    r"\bcant\b": "can't",
    r"\bwont\b": "won't",
    r"\bhavent\b": "haven't",
    r"\bhasnt\b": "hasn't",
    r"\bisnt\b": "isn't",
    r"\bdidnt\b": "didn't",
    r"\bthats\b": "that's",
    r"\blets\b": "let's",
    r"[’‘]": "'",
    r"\bgonna\b": "going to",
    r"\bwanna\b": "want to",
    r"\bgotta\b": "got to",
}
_SOFTLY = (
    r"(?:just |also |then |still |actually |definitely |probably |quickly |personally |happily |gladly |"
    r"go ahead and |try (?:to|and) |have to |be able to )*"
)
_PROMISE = spoken(
    r"\b(?:i'll|i will|i shall|i'm going to|i am going to|let me|i can|i could|we'll|"
    rf"i'm happy to) {_SOFTLY}(?P<task>[a-z].*)",
)
_NO_PROMISE = spoken(
    r"^(?:be |see\b|say\b|admit|bet|guess|think|hear|tell you what|believe|imagine|explain|jump|start\b|begin|"
    r"kick (?:us )?off|go first|wait|pass\b|stop|leave (?:it|that|them)\b(?! (?:with|to))|let\b|"
    r"have (?:a )?coffee|get (?:a |another |some )?(?:coffee|water|lunch)|turn|not\b|never|know|remember|"
    r"survive|buy (?:you|lunch)|share my screen|remind you that|end\b|close the meeting|wrap (?:it|this|"
    r"us) up|hand (?:it )?over to|give you|need|want|take (?:your|that) (?:word|as)|live\b|understand|love|"
    r"miss|join|be)\b",
)
_OWNS = spoken(
    r"\b(?:i'll (?:take|grab|own|handle|do|sort|pick) (?:it|that|this|those|that one|this one|care of (?:it|"
    r"that))|i(?:'ve| have)? got (?:it|this|that|that one)|(?:that'?s|that one'?s|it'?s|"
    r"this one'?s) (?:on )?(?:me|mine)\b|leave (?:it|that|\w+) (?:with|to) me|i'm on it|on my plate|"
    r"put me down|give (?:it|that) (?:to me|here)|(?:i can|happy to) (?:take|do|handle) (?:it|that|this)|"
    r"mine\b[,.]|that'?s my job|my job)",
)
_ASKS_TO_DO = either(
    r"\b(?i:can|could|would|will) (?:you|someone|somebody|anyone|[A-Z]\w+)(?: guys| two| please| also| maybe|"
    r" just| possibly)* (?P<can>(?!hear|see|say|believe|repeat|imagine|tell|speak|mute|we|i|it|"
    r"remind me)[a-z].*)",
    r"\b(?i:please) (?P<please>(?!,|hold|wait|mute|note|think|don't|do not|no |never|sit)[a-z].*)",
    r"\b(?i:i)(?:'d)? (?:need|want|like) you to (?P<need>.*)|\b(?i:would) you mind (?P<mind>\w+ing .*)",
    r"\b(?i:you)(?:'d| would|'ll| will)? (?:have to|need to|should|ought to|might want to) (?P<must>(?!be\b|"
    r"know|see|try it|have seen|never)[a-z].*)",
    r"\b(?i:make) sure (?P<sure>.*)",
)
_VOCATIVE = either(
    r"^(?:(?:[Aa]nd|[Ss]o|[Oo]kay|[Oo]k|[Rr]ight|[Tt]hen|[Aa]lso|[Oo]h|"
    r"[Yy]es),? )*(?P<who>[A-Z]\w+), (?:please )?(?P<task>(?:send|write|update|check|fix|add|remove|prepare|"
    r"draft|set|book|order|call|email|ask|schedule|share|post|put|get|make|create|move|review|test|look|find|"
    r"talk|take|organi[sz]e|submit|file|print|buy|collect|pull|run|upload|do)\b.*)",
)
_OFFERS = re.compile(r"\b(?:(?:should|shall|can|could) i|do you want me to|want me to) (?P<task>[a-z].*)\?", re.I)
_ACCEPTS = spoken(
    r"^(?:oh,? |ok,? |well,? |and )*(?:sure|yes|yeah|yep|yup|ok|okay|will do|can do|no problem|of course|"
    r"absolutely|got it|on it|happy to|consider it done|you got it|deal|sounds good|understood|fine|right|"
    r"agreed|certainly|no worries|alright|all right|perfect|great|cool|works for me|aye)\b",
)
_PROMISING_ACCEPT = spoken(
    r"\b(?:will do|can do|on it|consider it done|you got it|i can do that|no problem|happy to|got it)\b",
    r"\bi'll do (?:it|that|so)\b|^(?:sure|yep|yeah|yes|of course|absolutely|certainly)[.,!]*$",
)
_REFUSES = words(
    r"no,? wait|scrub that|hang on|forget (?:it|that|about|the|i said)|never ?mind|scratch that",
    r"no need|(?:don't|doesn't|won't) (?:need|bother|worry about)|not (?:anymore|any more|necessary)",
    r"hold off|drop(?:ping)? (?:it|that)|cancel (?:it|that|the)",
    r"leave (?:it|that|them)(?: alone| as| for| be|\.|$)|i was (?:going|about|planning|meaning) to",
    r"actually,? no|no,? we don't|i take (?:it|that) back|let's not|i'd rather not|not going to",
)
_DECIDES = spoken(
    r"\b\w+ it is$|\b\w+ it is\.$",
    r"\blet's (?!get started|see|think|talk|move on|go around|take a|wait|hope|begin|start|be honest|say|"
    r"not forget|face|hear|discuss|look|circle|park|chat|catch|go$|go\.|just|go over|meet|record|do (?:it|"
    r"that|this)|get\b|leave it)\w+",
    r"\bwe(?:'re| are) (?:not )?(?:going with|doing|launching|going to go with|sticking with|keeping|dropping|"
    r"moving to|switching to|using)\b",
    r"\bwe(?:'ve)? (?:all )?(?:agreed|decided)\b|\bdecision is\b",
    r"\b(?:it's|that's) (?:settled|decided|final)\b|\bfrom now on\b",
    r"\bwe'll (?:go with|stick with|keep|use|launch|drop|stay with)\b|\bfinal answer\b",
)
_PUT_BACK = words(
    r"back (?:to|in|into|on|onto)(?: the| your| our| my)? (?:to-?do|todo|backlog|pile|queue|not started|stack|"
    r"shelf)",
    r"put (?:it|that|this) back|(?:it |that )?goes back|on hold|on ice|shelved|parked (?:it|that)",
    r"paused|i(?:'ve| have) stopped|stopped work|haven't really started after all",
    r"moved? (?:it|that) back|back to square one",
)
_REOPENED = words(
    r"re-?open(?:ed|ing)?|open(?:ed)? (?:it |that )?(?:up )?again|back open|back on (?:it|that)\b",
    r"back in(?:to)? (?:it|there)|in there again",
    r"(?:pulled|dragged|moved|took) (?:it )?back (?:out|over|from|to in progress)|redoing|reworking",
    r"active again|on it again|at it again|isn't (?:actually |really )?(?:fixed|done|finished)",
    r"not (?:actually|really) (?:fixed|done)",
)
_GOES_ON = words(
    r"(?:i'm|i am|we're|we are|still|currently|now|been) (?:still |currently |actively |just |now |also |"
    r"already |busy )*(?:working|drafting|writing|building|doing|making|putting|designing|coding|testing|"
    r"implementing|going through|working through|fixing|migrating|setting up|reviewing|preparing|collecting|"
    r"gathering|cleaning|updating|researching|debugging|editing|translating|refactoring|wiring|digging|"
    r"chipping|tuning|tweaking|sketching|running|configuring|creating|developing|documenting|adding|moving|"
    r"porting|reworking|compiling|polishing)\b",
    r"in (?:the middle of|progress|the works)|(?:half|part)[- ]?way",
    r"half (?:done|of|through|there|written|finished)|under ?way",
    r"i(?:'ve| have)? (?:just |already |only |finally )?(?:started|begun|began|picked up|kicked off|"
    r"made a start|got going|jumped into|got stuck in)",
    r"(?:was|got|is|been) (?:started|kicked off|begun)|started (?:on|working|yesterday|this|last)",
    r"on the go|well into|most of the way|two thirds|a third of",
    r"(?:\d+|\w+ty) percent (?:done|there|through|of)|hands on (?:it|this)|as we speak|started it",
)
_DONE_WORDS = (
    "done|finished|complete|completed|merged|shipped|deployed|live|released|wrapped up|signed off|"
    "in production|resolved|fixed|approved|delivered|published|submitted|closed|ready to go|"
    "implemented|integrated|handed over|out the door|sorted|out|uploaded|installed|launched|wrapped"
)
_FINISHED = spoken(
    r"\b(?:is|are|'s|'re|was|were|got|went|has been|have been|been|now|all|fully|finally|already|as|"
    rf"i call(?: that| it)?)\s+(?:\w+ly |all |now |already |finally |just )*(?:{_DONE_WORDS})\b(?! (?:for|of|"
    r"to|with|on|by) (?:review|the team))",
    r"\b(?:i|we)(?:'ve| have|'d)? (?:just |already |finally |also |actually )*(?:finished|completed|"
    r"wrapped up|wrapped|merged|shipped|deployed|released|closed|delivered|published|launched|finalised|"
    r"finalized|handed over|signed off|nailed)\b",
    r"\b(?:wrapped up|went live|went out|(?:is|'s) in (?:production|main|prod|the (?:test )?build)|"
    r"can (?:be )?close (?:it|that|the)?|rolled (?:it |that |them )?out|ticked off|crossed off|(?:it's|that's|"
    r"all) done)\b",
    r"^done\b",
)
_ENDED_UP = words(
    r"i|we)(?:'ve| have)? (?:just |already |finally |also )*(?:sent|posted|uploaded|submitted|fixed",
    r"emailed|ordered|booked|installed|migrated|removed|added|set up|created|built|wrote|written",
    r"updated|moved|filed|signed|made|implemented|cleaned up|pushed|put",
)
_NOT = spoken(
    r"\b(?:not|n't|haven't|hasn't|isn't|aren't|didn't|never|nowhere near|nobody|no one|nothing|can't|couldn't|"
    r"won't|without|cannot|yet to|almost|nearly|about to)\b",
    r"n't\b",
)
_HEDGES = words(
    r"maybe|might|perhaps|someday|some day|one day|it would be|would be (?:nice|cool|great|good|fun)",
    r"possibly|i wonder|not sure|can't promise|i'd love|i wish|ideally|at some point|eventually",
    r"in theory|think about|thinking about|could be",
)
_IF = re.compile(r"\b(?:if|unless|in case|depends|worst case)\b", re.I)
_LATER = words(
    r"i'll|we'll|will|going to|planning to|plan to|about to|want to|would|should|need to|needs to",
    r"have to|has to|supposed to|tomorrow|next week|hope to|hoping|can be|could",
)
_OTHERS = words(
    r"they'll|they will|he'll|she'll|they're|they said",
    r"(?:said|says|told me|heard|promised) (?:that )?(?:they|he|she|it)|apparently",
)
_NEEDS = words(
    r"(?:need|needs|have|has|got|ought)(?:s)? to\b|need(?:s)? (?:a|an|some|the|new|more)\b|should\b",
    r"must\b|is broken|are broken|broken|doesn't work|isn't working|missing",
    r"there's (?:a bug|an issue|a problem|no)|keeps? \w+ing|crash(?:es|ing)|fails?|failing|wrong",
    r"out of date|outdated|nobody|someone|somebody|twice",
)
_SMALL = words(
    r"coffee|lunch|tacos?|pizza|beers?|weekend|weather|hik(?:e|ing)|air ?con|a\.?c\.?|heating|window",
    r"train was|traffic|birthday|dinner|breakfast|snacks?|doughnuts?|donuts?|party|football|holiday",
    r"freezing|tea",
)
_RUNS_MEETING = words(
    r"let's (?:get started|begin|kick off|go around|move on|wrap)|get started|jump right in",
    r"kick (?:us|things) off|good morning|morning everyone|next item|moving on",
    r"that's (?:it|everything|all) for|that's everything|thanks,? everyone|good meeting|see you",
    r"talk soon|go first|are we all here|can you hear|can everyone hear|you're on mute",
    r"share (?:my|your) screen|before we start|running late|minutes late",
)


def clean(text: str) -> str:
    """Without fillers and stutters, with the apostrophes a recogniser leaves out."""
    for pattern, whole in _CONTRACTED.items():
        text = re.sub(pattern, whole, text, flags=re.I)
    text = re.sub(r"\s+", " ", _FILLERS.sub(" ", text))
    return _TWICE.sub(r"\1", text).strip(" ,")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!;])\s+|\s+[—–]\s+|\.\.+\s*", clean(text)) if re.search(r"\w", part)]


def _claim(text: str) -> tuple[Status, bool, bool] | None:
    """(state, reopened, outright) that a sentence claims for its matter. The last statement in it counts."""
    back = _PUT_BACK.search(text)
    if back and not _NOT.search(text[max(0, back.start() - 12) : back.start()]):
        return Status.TODO, False, True
    if _REOPENED.search(text) and not re.search(r"\b(?:should|if|need to|might|will)\b", text):
        return Status.IN_PROGRESS, True, True
    if _IF.search(text):
        return None
    for clause in reversed(re.split(r",|\band\b|\bbut\b|\bbecause\b|\bso\b(?! far)|;", text)):
        if _LATER.search(clause) or _OTHERS.search(clause) or _HEDGES.search(clause):
            continue
        refused = _NOT.search(clause)
        going = _GOES_ON.search(clause)
        if going and not refused:
            return Status.IN_PROGRESS, False, True
        finished, ended = _FINISHED.search(clause), _ENDED_UP.search(clause)
        if (finished or ended) and refused:
            return None
        if finished or ended:
            return Status.DONE, False, bool(finished)
    return None


def read(text: str) -> list[Saying]:
    """The sayings of one (cleaned) sentence."""
    asks = text.rstrip().endswith("?") or bool(
        re.match(r"(?:who|what|when|where|why|how|did|does|do|is|are|has|have|any chance)\b", text, re.I)
        and not text.endswith(".")
    )
    found = _act(text, asks)
    claim = None if asks or found.act in {Act.COMMIT, Act.REQUEST, Act.OFFER} else _claim(text)
    if claim is not None and found.act not in {Act.REFUSE, Act.DECIDE, Act.SMALL}:
        state, reopens, outright = claim
        return [
            Saying(
                text,
                Act.REPORT,
                topic=topic_of(text),
                claim=state,
                reopens=reopens,
                outright=outright,
                points_back=_points(text),
            )
        ]
    if (
        found.act in {Act.NONE, Act.NEED}
        and _NOT.search(text)
        and (
            _FINISHED.search(text)
            or _GOES_ON.search(text)
            or re.search(r"\b(?:yet|haven't|hasn't|touched)\b", text, re.I)
        )
    ):
        return [Saying(text, Act.NEGATION, topic=topic_of(text), points_back=_points(text))]
    return [found]


def _points(text: str) -> bool:
    """Is the matter only pointed at?"""
    return len(re.findall(r"\w+", topic_of(text))) == 0


def _act(text: str, asks: bool) -> Saying:
    def saying(act: Act, named: Phrase | None = None, outright: bool = True) -> Saying:
        named = named or Phrase("", topic_of(text), "", _points(text))
        return Saying(
            text, act, named.title, named.topic, named.doing, outright=outright, points_back=named.points_back
        )

    small = bool(
        (_SMALL.search(text) and not re.search(r"\b(?:before|after|over|by) lunch\b", text, re.I))
        or _RUNS_MEETING.search(text)
    )
    soft = bool(_HEDGES.search(text) or _IF.search(text))
    asked = _ASKS_TO_DO.search(text) or _VOCATIVE.search(text)
    if _REFUSES.search(text) and not asks:
        return saying(Act.REFUSE)
    if small:
        return saying(Act.QUESTION if asks else Act.SMALL)
    if asked and asked.groupdict().get("must") and not re.search(r"\b[A-Z]\w+, $", text[: asked.start()]):
        return saying(Act.NEED, phrase(asked["must"]), False)
    if asked and not _PUT_BACK.search(text):
        words = next(value for key, value in asked.groupdict().items() if key != "who" and value)
        return saying(Act.REQUEST, phrase(words), not soft)
    if offers := _OFFERS.search(text):
        return saying(Act.OFFER, phrase(offers["task"]))
    if asks:
        if re.search(r"\bwho(?:'s|'ll| is| will| should| can| could| wants to| has time to)\b", text, re.I):
            return saying(Act.NEED)
        return saying(
            Act.NEED if re.match(r"(?:maybe|could we|can we|why don't we|what if)\b", text, re.I) else Act.QUESTION,
            phrase(
                re.sub(r"^(?:maybe|could we|can we|why don't we|what if)(?: maybe| we| just)* ", "", text, flags=re.I)
            )
            if soft
            else None,
            False,
        )
    if _DECIDES.search(text) and not soft and not re.search(r"\bi'll\b", text, re.I):
        return saying(Act.DECIDE)
    promise = _PROMISE.search(text)
    if promise and not _NO_PROMISE.match(promise["task"]) and not _OTHERS.search(text):
        can = bool(re.search(r"\b(?:i can|i could|we'll)\b", promise[0][:12], re.I))
        named = phrase(promise["task"])
        own = bool(_OWNS.search(text)) and named.points_back
        return saying(Act.OWN if own else Act.COMMIT, named, not soft and not can)
    if _OWNS.search(text):
        return saying(Act.OWN)
    if _ACCEPTS.search(text) and len(text) < 60:
        return saying(Act.ACCEPT, outright=bool(_PROMISING_ACCEPT.search(text)))
    if _NEEDS.search(text) and not _OTHERS.search(text):
        return saying(Act.NEED, outright=not soft)
    return saying(Act.NONE)
