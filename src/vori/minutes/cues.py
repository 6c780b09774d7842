"""What a sentence does in a meeting, told by its wording: it decides, asks, is blocked, promises, or chats."""

from __future__ import annotations

import re
from functools import lru_cache

SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+(?=\s|$)|\.(?=\S)[^.!?…]*)*[.!?…]*")
HANGUL = re.compile(r"[가-힣]")


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.I)


DECIDES = _any(
    r"\b(?:we|team)(?:'ve| have)? (?:all |just |finally |already )?(?:decided|agreed|settled)\b(?! (?:nothing|"
    r"whether))",
    r"\b(?:it'?s|that'?s|is) (?:settled|decided|agreed)\b",
    r"\bthe decision is\b|\bfrom now on\b|\bfinal decision\b|"
    r"^(?!.*\b(?:where|what|how|as|than|that|think|whatever|so)\b)"
    r"(?:\w+,? ){1,4}it is[.!]?$",
    r"\bwe(?:'re| are) going with\b|\bwe(?:'ll| will) (?:go with|stick with|stay with)\b|\blet'?s go with\b",
    r"기로 (?:결정|확정|합의|했|하였|하죠|하자|합시다|하겠습니다|할게요|해요|하시죠)",
    r"(?:결정|확정|합의)(?:했|됐|되었|하겠|합니다|됩니다|된 ?거|하죠|할게요)|(?:걸로|것으로|거로) (?:하죠|하자|"
    r"합시다|할게요|하겠습니다|정했|가죠|확정)",
    r"앞으로(?:는)? .*(?:합시다|하죠|하는 걸로|하기로)",
)
NOT_DECIDED = _any(
    r"\b(?:haven't|not|never|nothing|didn't|can't|don't|undecided|before) .{0,24}(?:decid|agree|settl)",
    r"(?:결정|확정|합의)(?:이|은|을)? ?(?:안|못|아직)|(?:아직|안|못) ?(?:결정|확정|합의|정)|보류|"
    r"(?:주|시|에서 .*|업체.*|지난번.*)기로 했|(?:끝난|된) 걸로",
)
BLOCKED = _any(
    r"\b(?:blocked|blocker|stuck|held up|on hold|bottleneck)\b",
    r"\b(?:still )?waiting (?:for|on) (?!you\b|me\b|us\b|everyone|a (?:second|minute|moment))\w+",
    r"\b(?:can't|cannot|can not|couldn't|won't be able to) (?:\w+ ){1,6}?(?:until|unless|without|before|because)\b",
    r"\b(?:don't|doesn't|still don't|no) (?:yet )?have (?:access|permissions?|credentials|the keys?|approval)\b",
    r"막혀 ?있|막혔|막히고|막혀서|블로커|블락|발목|병목",
    r"(?:기다리고|대기하고) 있|기다리는 중|대기 ?중|(?:안|못) ?(?:와서|나와서|돼서|되어서|받아서|들어와서|주셔서|줘서)",
    r"때문에 .{0,16}(?:못|안 ?[돼되]|멈|지연|늦)|(?:권한|승인|계정|허가)[이가]? ?(?:아직 )?(?:없|안 나|안 났|못 받)",
    r"(?:없|안 ?오|안 ?나오|못 받으)면 .{0,16}(?:못|안 ?[돼되]|시작)",
)
CLEARED = _any(
    r"\b(?:not|no longer|isn't|aren't|never) (?:blocked|stuck|a blocker)\b|\bunblocked\b|\bno (?:more )?blockers?\b",
    r"\bblockers? (?:is|are|was|were|has been|have been) (?:gone|cleared|resolved|fixed|removed)\b",
    r"(?:블로커|막힌 ?(?:것|거|건|데)|막히는 ?(?:것|거|건|데))[은는이가도]? ?(?:따로 |전혀 |이제 )?(?:없|아니|해결)",
    r"(?:블로커|병목|막힌 ?(?:것|거|건|부분)).{0,12}(?:풀렸|해소|해결)|막혔던|풀렸",
)
PROBLEM = _any(
    r"\b(?:fails?|failing|failed|broken|breaks?|crash\w*|bugs?|errors?|outage|issue|problems?|regression|leak\w*)\b",
    r"\b(?:slow|late|delayed|behind schedule|risk\w*|complain\w*|doesn't work|isn't working|missing)\b",
    r"문제|오류|에러|버그|장애|실패|깨[지졌]|죽[었어는]|느[려리린]|지연|늦어|누락|불만|위험|먹통|안 ?[돼되](?:고|서|"
    r"는|요)|끊[기겨긴김]|튕",
)
PROMISES = _any(
    r"\bI(?:'ll| will|'m going to| am going to) (?:\w+ly |also |then |try to )?(?P<act>\w+(?: \w+)?)",
    r"(?:^|[\s,])(?:제가|내가|저는|전|나는|그건 제가) .*(?:겠습니다|ㄹ게요|[가-힣]게요|겠어요|[가-힣]게)[.!]?$",
)
NO_WORK = _any(
    r"\bI(?:'ll| will|'m going to| am going to) (?:be\b|see\b|say\b|admit|bet|guess|think|hear|let you|start\b|begin|"
    r"wait|stop|share my|give you|turn|not\b|never|know|remember|go first|keep it|end\b|hand over|mute|miss|need|"
    r"want|take (?:it|that|this)|do (?:it|that|this)|get (?:back|an?\b|some|lunch)|stand us|tell you|buy|leave|pass|"
    r"join|skip|move on|come back)",
    r"(?:화면|마이크|회의|시작|마치|진행하|넘어가|들어가|나가|드리겠|말씀|모르|여쭤|알겠|기다리|듣|먼저 할게|"
    r"공유할게|읽어|쏠게|살게|낼게|갈게요[.!]?$)",
)
SUPPOSES = _any(
    r"\b(?:if|unless|suppose|in case|would have|could have|might|maybe|i'd have)\b",
    r"[가-힣](?:으면|다면|라면|하면|되면|지면|오면|나면|가면|주면|자면|치면)|만약|혹시|언젠가|아마",
)
DEFERS = _any(
    r"\b(?:i don't know|i do not know|not sure|no idea|good question|who knows|hard to say|can't say|couldn't say|"
    r"let me (?:check|look|ask|find)|i'll (?:check|look into|ask|find out|get back)|we(?:'ll| will) (?:see|find out)|"
    r"need to (?:check|ask|find out)|have to (?:check|ask)|to be (?:decided|confirmed)|depends|no answer|tbd|later)\b",
    r"모르겠|글쎄|잘 몰|확인해 ?(?:봐야|볼게|보겠|봐)|알아(?:봐야|볼게|보겠)|물어(?:봐야|볼게|보겠)|미정|나중에|"
    r"두고 봐야|아직(?:은|요)?[.!]?$",
)
STAYS_OPEN = _any(
    r"\bopen question\b|\b(?:still|have yet|need) to (?:figure out|decide|find out|clarify|agree on)\b",
    r"\b(?:nobody|no one|we (?:still )?don't|we haven't) (?:knows?|decided|figured out|agreed)\b .*\b(?:who|what|"
    r"when|where|"
    r"how|whether|if|which)\b",
    r"아직 .{0,16}(?:못 정|정하지 못|안 정|정해지지|결정하지 못|결정되지|미정)|(?:는지|을지|ㄹ지|"
    r"할지)[는도]? ?(?:아직 )?(?:모르|미정|정해야|결정해야)",
)
ASKS = _any(
    r"\?\s*$",
    r"(?:까요|나요|[은는인한던된될]가요|습니까|[입합됩]니까|는지요|어때요|어떨까|[할될갈볼줄]까|던가요)[?]?$",
)
EMPTY_QUESTION = _any(
    r"^(?:\W*\b(?:right|okay|ok|yeah|really|sorry|what|pardon|huh|no|yes|so|and|hello|well|anyone|agreed|deal|fair|"
    r"sure|understood|see|got it|sounds good|makes sense|is that (?:right|ok|okay|fine|it|so|all)|you know)\b\W*)+$",
    r"\b(?:can|could|do) (?:you|everyone|everybody|anyone|people) (?:hear|see) (?:me|us|my|the screen)|\bhow are you|"
    r"\bhow was (?:your|the) (?:weekend|holiday|trip)|\b(?:any(?:thing)? (?:else|questions?|other)|shall we (?:start|"
    r"begin|go|move|wrap)|should we (?:start|begin|move on|wrap)|who(?:'s| is) (?:next|first|starting|missing)|"
    r"are you (?:there|frozen|muted|back)|is (?:everyone|everybody|anyone) (?:here|there)|ready to|what'?s (?:up|next)|"
    r"that'?s (?:all|it)|where were we|did i miss|any blockers?|you too|mind if)\b",
    r"^\W*(?:네|예|응|어|아|그쵸|그렇죠|맞죠|맞나요|진짜요?|정말요?|그래요|뭐요?|괜찮으세요|됐나요|되나요|"
    r"아시겠죠)\W*$",
    r"(?:들리|보이)(?:세요|나요|시나요|십니까|죠)|주말|잘 지내|식사|점심|커피|안녕|시작할까|시작해 볼까|시작하죠|"
    r"넘어갈까|넘어가도|마칠까|끝낼까|"
    r"(?:더|다른|추가로) ?(?:하실|있으|있나|없으|질문|말씀|이야기)|질문 ?(?:있|없)|말씀해 ?주|누구 ?차례|다 ?(?:오|"
    r"모이|들어오)|막히는 ?(?:거|건|것)",
)
ASKS_TO_DO = _any(
    r"\b(?:can|could|would|will) you\b(?! (?:say|tell|explain|remember|imagine|guess|believe))|\bwould you mind\b|"
    r"\bplease\b",
    r"(?:주실|주시겠|줄|해줄) ?(?:수|래|어|까)|주시겠어요|주세요|부탁|해 ?줄래|주시면 (?:어떨|좋)",
)
SMALL_TALK = _any(
    r"\b(?:good (?:morning|afternoon|evening)|hello|hi (?:all|everyone|there)|welcome|thanks?(?: you)?|cheers|bye|"
    r"see you|"
    r"weekend|weather|coffee|lunch|birthday|holiday|vacation|wifi|mute|muted|frozen|can you hear|can hear you|"
    r"share my screen|football|nice to see|dog|cat|kids?)\b",
    r"안녕하|수고하|고생하|감사합니다|고맙|반갑|주말|날씨|점심|커피|저녁 ?먹|밥|생일|휴가|마이크|음소거|화면 공유|"
    r"들리세|잘 들려|ㅋㅋ|하하|와이파이|넷플릭스|등산|여행",
)
RUNS_TALK = _any(
    r"\b(?:let'?s (?:start|get started|begin|move on|wrap|go (?:around|on)|continue)|we'?re (?:done|finished|"
    r"recording)|"
    r"next (?:item|topic|one|up)|moving on|that'?s (?:all|it|everything)|anything else|who'?s next|first (?:item|"
    r"topic)|"
    r"over to you|go ahead|agenda|to (?:sum|wrap) up|stand-?up|start with|you first)\b",
    r"시작하(?:겠|죠|자|ㄹ까|시죠)|시작할|마치(?:겠|죠|도록)|마무리하(?:겠|죠|고)|끝내(?:죠|겠)|넘어가|다음 (?:안건|"
    r"주제|분)|안건|(?:님|씨)부터|이상입니다|"
    r"여기까지|회의(?:를|는)? ?(?:시작|마)|스탠드업|말씀해 ?주|먼저 하실",
)
NEXT_TOPIC = _any(
    r"^(?:okay,? |ok,? |right,? |so,? |alright,? )*(?:next(?! (?:week|month|year|quarter|sprint|mon|tues|wednes|"
    r"thurs|fri|satur|sun)\w*)|moving on|anyway|let'?s move on|another thing)\b",
    r"^(?:네,? |자,? |그럼,? )*(?:다음(?:은|으로| ?(?:안건|주제|건|분))|넘어가|그건 그렇고|아무튼|어쨌든)",
)
BARE_ANSWER = re.compile(
    r"\b(?:yes|yeah|yep|nope)\b|"
    r"^\W*(?:yes|yeah|yep|yup|no|nope|nah|sure|of course|definitely|exactly|correct|right|agreed|absolutely|not yet|"
    r"네|예|응|아니|아뇨|아니요|그럼요|맞아요|맞습니다|그렇습니다|좋아요|좋습니다|됩니다|돼요|있어요|없어요|있습니다|"
    r"없습니다)(?![\w가-힣])",
    re.I,
)


@lru_cache(4096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of an utterance; a number's decimal point ends none."""
    return tuple(found for match in SENTENCE.finditer(text) if (found := match.group().strip())) or (text,)


def asks(sentence: str) -> bool:
    return bool(ASKS.search(sentence.rstrip(".!… ")) or ASKS.search(sentence))


def decides(sentence: str) -> bool:
    return bool(DECIDES.search(sentence)) and not NOT_DECIDED.search(sentence) and not asks(sentence)


def blocked(sentence: str) -> bool:
    """Whether it says that work can't go on."""
    if asks(sentence) or CLEARED.search(sentence) or re.search(r"\bif\b", sentence, re.I):
        return False
    return bool(BLOCKED.search(sentence))


def promises(sentence: str) -> bool:
    """Whether the speaker takes on work, named in the same sentence."""
    if asks(sentence) or NO_WORK.search(sentence) or SUPPOSES.search(sentence):
        return False
    return bool(PROMISES.search(sentence))


def idle(sentence: str) -> bool:
    """Whether it greets, chats, or only moves the meeting along."""
    return bool(SMALL_TALK.search(sentence) or RUNS_TALK.search(sentence))


def wonders(sentence: str) -> bool:
    """Whether it asks for something that the meeting should know; no request, no courtesy."""
    return asks(sentence) and not EMPTY_QUESTION.search(sentence) and not ASKS_TO_DO.search(sentence)
