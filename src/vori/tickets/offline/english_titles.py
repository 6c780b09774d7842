"""Titles from English talk: "I'll write the cleanup job by next Monday" names the work Write the cleanup job."""

from __future__ import annotations

import re

from vori.tickets.offline.dates import without_dates
from vori.tickets.offline.patterns import spoken, words
from vori.tickets.offline.reading import Phrase

_ENDS = spoken(
    r"(?:[.?!;]|,? (?:so that|so|because|since|but|which|if|unless|once|otherwise|although|when you|while|"
    r"then we|and then|and (?:i|we|you|he|she|they|that|it)(?:'ll|'m|'re| will| can)?)\b|,? (?:i|we|"
    r"you)(?:'ll|'m|'ve)\b|, (?:that|it|this|right|okay|yeah)\b).*$",
)
_TAILS = spoken(
    r"(?:[ ,]+(?:please|for (?:me|you|us)|as well|too|then|myself|though|anyway|again|first|now|"
    r"and report back|and let (?:you|everyone|us) know|and get back to you|if that'?s (?:ok|okay)|"
    r"at the latest|(?:right )?after (?:this|the (?:meeting|call))|straight away|right away|later|soon|asap|"
    r"quickly|real quick|over|in the (?:morning|afternoon|evening)))+$",
)
_HEADS = spoken(
    r"^(?:(?:just|also|then|actually|quickly|please|maybe|try to|try and|go ahead and|go and|start|"
    r"make sure (?:to|that|we)|help(?: me)?(?: to)?|to)\s+)+",
)
_POINTERS = re.compile(r"\b(?:it|that|this|them|those|these|that one|this one|one|so)\b", re.I)
_EMPTY = words(
    r"the|a|an|it|that|this|them|those|these|one|ones|so|do|get|take|have|handle|sort|out|on|up|for|to",
    r"of|me|you|us|care|pick|look|at|into|fix|fixed|done|finish|be|over|with|own|grab|make|put|and",
    r"both|all|my|your",
)
_NOT_TOPIC = words(
    r"i|i'm|i've|i'll|i'd|we|we're|we've|we'll|you|you're|he|she|they|it|it's|that|that's|this|these",
    r"those|is|are|was|were|be|been|being|has|have|had|do|does|did|done|not|n't|yet|still|now",
    r"currently|just|already|all|and|but|so|then|also|or|yes|yeah|yep|no|ok|okay|right|oh|well|hey",
    r"finished|complete|completed|started|working|on|in|the|a|an|my|our|your|of|to|for|with|at|by|from",
    r"up|out|about|since|there|there's|what|how|who|when|any|some|haven't|hasn't|isn't|didn't|don't",
    r"can't|won't|middle|halfway|through|wrapped|merged|shipped|today|yesterday|tomorrow|last|this",
    r"night|morning|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday|here|see|got|get",
    r"going|go|one|thing|things|touched|actually|really|finally|ready|will|would|can|could|should|need",
    r"needs|think|know|sure|good|great|nice|thanks|thank|cool|sorry|fine|perfect|me|mine|us|them|him",
    r"her|as|if|because|than|too|very|more",
)


def phrase(words: str) -> Phrase:
    """What a promise or request names: `words` begin with its verb."""
    words = _ENDS.sub("", words.strip())
    words = without_dates(_HEADS.sub("", words))
    while (shorter := _TAILS.sub("", words).strip(" ,.?!")) != words:
        words = shorter
    rest = words.partition(" ")[2]
    named = re.sub(r"[^\w]+", " ", _EMPTY.sub(" ", words)).strip()
    title = words[:1].upper() + words[1:]
    points = not named or (bool(_POINTERS.search(rest)) and len(named.split()) < 2)
    return Phrase(title if named else "", rest if named else "", words, points)


def topic_of(text: str) -> str:
    """The words of a sentence that may name a matter."""
    bare = re.sub(r"[^\w\s'-]", " ", _NOT_TOPIC.sub(" ", text))
    return re.sub(r"\s+", " ", re.sub(r"(?<!\w)['-]+|['-]+(?!\w)|\b(?:ll|ve|re|s|m|d|t)\b", " ", bare)).strip()
