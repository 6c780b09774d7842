"""Rules for Korean: what a sentence does, read off its morphemes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vori.events import Status
from vori.tickets.offline.korean_titles import phrase
from vori.tickets.offline.patterns import either
from vori.tickets.offline.reading import Act, Morpheme, Phrase, Saying

# A sentence is matched as ` form/TAG form/TAG … `; endings are those of kiwipiepy, where ᆯ and ᆫ are final consonants.
_ASKS = either(
    r" (?:나요|ᆯ까요|을까요|ᆯ까|을까|ᆫ가요|은가요|는가요|ᆫ가|는가|습니까|ᆸ니까|니|으니|냐|느냐|노|ᆯ런지|려나|"
    r"던가요|ᆫ지요)/EF(?: [^ ]+/S[A-Z])* $",
    r" 어떻/VA 어요?/EF| 어때/",
)
_ASKED_TO_DO = either(
    r" 어/EC (?:주|달)/V[VX] (?:시/EP )?(?:세요|으세요|십시오|어요?|어라|라|시죠|죠|ᆯ래요?|ᆯ래|겠/EP 어요?|"
    r"겠/EP 습니까|ᆯ까요|나요|ᆯ까)(?:/EF|(?= ))",
    r" 어/EC 주/VX (?:시/EP )?(?:ᆯ|을)/ETM 수/NNB 있/V[AVX]| 어/EC 주/VX (?:시/EP )?(?:면|으면|어야)/EC",
    r" 부탁/NNG (?:하|드리)/(?:XSV|VV) | 부탁/NNG 이/VCP | 부탁/NNG (?:[^ ]+/S[A-Z] )*$",
    r" (?:시/EP )?(?:세요|으세요|십시오|으십시오)/EF",
    r" 어/EC 보/VX (?:시/EP )?(?:세요|어|어요|어라|죠|자)/EF",
)
_PROMISES = re.compile(
    r" (?:ᆯ게요?|을게요?|ᆯ께요?|을께요?|께요?|ᆯ게예|ᆯ께예|께예|ᆯ게여|ᆯ게용|을게예|마|으마)/EF"
    r"| 겠/EP (?:습니다|어요|음|다|어)/EF"
    r"| 기/ETN 로/JKB 하/VV 겠/EP| (?:걸로|거로)/[A-Z]+ 하/VV 겠/EP"
)
_NO_PROMISE = either(
    r" (?:알|모르|드시|계시|감사하|고맙|아니|쉬|죽)/V[A-Z]+ (?:시/EP )?겠/EP",
    r" (?:좋|되|있|없|같|어렵|힘들|싶|그렇|감사|가능|안되)/[A-Z]+ (?:하/XS[AV] )?(?:시/EP )?겠/EP",
    r"/XSA 겠/EP| 시/EP 겠/EP| (?:못|안)/MAG (?:[^ ]+/IC )*[^ ]+/V[VX] (?:시/EP )?겠/EP| 않/VX 겠/EP",
    r" 못하/V[XV] 겠/EP| 말/VX 겠/EP| 어야/EC (?:하|되)/V[A-Z] 겠/EP| ᆯ/ETM 수/NNB [^$]*겠/EP",
)
_PLANS = either(
    r" (?:ᆯ|을)/ETM (?:예정|계획|생각|참)/NN[A-Z]| (?:려고|으려고|ᆯ라고|을라고|려구|으려구)/E[CF]",
    r" (?:ᆯ|을)/ETM 거/NNB (?:이/VCP )?",
)
_GOES_ON = either(
    r" 고/EC (?:있|계시)/VX | (?:는|ᆫ)/ETM 중/NNB| 중/NNB 이/VCP| 중/NNB (?:[^ ]+/S[A-Z] )*$| 진행/NNG 중/",
    r" (?:시작|착수|돌입|재개)/NNG (?:을/JKO )?(?:하|되)/(?:XSV|VV) 었/EP| 들어가/VV 었/EP| 붙잡/VV",
    r" 손/NNG (?:을/JKO )?대/VV 기/ETN 시작",
)
_STANDS = re.compile(r" (?:기다리|알|가지|갖|생각|바라|고려|있|예상|기대)/[A-Z]+ (?:하/XSV )?고/EC (?:있|계시)/VX")
_FINISHED = either(
    r" (?:완료|완성|마무리|종료|마감|완결|해결|클리어)/[A-Z]+ (?:을/JKO |가/JKS |이/JKS |도/JX |"
    r"까지/JX )*(?:하|되|시키|짓|지|나|보)/(?:XSV|VV|VX) (?:어/EC [^ ]+/VX )?었/EP",
    r" (?:끝나|끝내|마치|마무르|끝마치)/VV (?:어/EC [^ ]+/VX )?었/EP| (?:완료|끝|완성)/NNG 이/VCP ",
    r" 다/MAG (?:[^ ]+ ){0,2}?(?!(?:떨어지|나가|뺏|날아가|오|가|까먹|잊|먹|자)/)[^ ]+/(?:VV|"
    r"XSV) (?:어/EC (?:놓|두|내|버리|주|드리|올리)/V[XV] )?었/EP",
    r" (?:닫|종료)/(?:VV|NNG) (?:하/XSV )?(?:시/EP )?(?:어도|으셔도)/EC (?:되|좋)/V",
)
_DONE_THINGS = (
    "머지|배포|반영|제출|발송|납품|게시|등록|적용|출시|승인|통과|확정|전달|공유|신청|접수|병합|릴리스|릴리즈|결재|발급|전송|송부|교체|설치|"
    "업로드|업데이트|예약|주문|결제|계약|구매|발행|이전|수정|작성|정리|제작|구현|개발|연동|검증|점검|설정|추가|삭제|변경|섭외|인쇄|출력|수령|배송"
)
_ENDED_UP = either(
    rf" (?:{_DONE_THINGS})/[A-Z]+ (?:을/JKO |이/JKS |가/JKS |까지/JX |도/JX )*(?:하|되|시키|받|나|넣|"
    r"끝나)/(?:XSV|VV) (?:어/EC [^ ]+/V[XV] )?었/EP",
    r" (?:보내|넘기|올리|올라가|내보내|내|넣|나가|옮기|고치|바꾸|만들|붙이|닫|치우|갈|찍|열|달|빼|지우|깔|뽑|"
    r"맞추|적|쓰|그리|시키|구하)/VV (?:어/EC (?:놓|두|내|버리|주|드리|올리|가|오|있)/V[XV] )?었/EP",
)
_PARTIAL = either(
    r" (?:절반|반|반쯤)/[A-Z]+ (?:정도/NNG |쯤/XSN |쯤/[A-Z]+ |을/JKO |은/JX |만/JX |까지/JX |좀/MAG |"
    r"안/MAG )*(?:[^ ]+ ){0,2}?(?:[^ ]+/(?:VV|XSV|VX)|이/VCP)",
    r" (?:퍼센트|프로|%)/[A-Z]+ (?:정도|쯤|까지|진행|완료|남|오/|되/)| 분/NNB 의/JKG | 남/VV 었/EP",
    r" 만/JX (?:남|끝나|끝내)/VV",
)
_PUT_BACK = either(
    r" (?:보류|중단|중지|원복|미착수|스톱)/[A-Z]+ (?!안/)| 내려놓/VV 었/EP| 내리/VV 어/EC 놓/VX 었/EP",
    r" (?:멈추|멈춰서|접|놓)/VV 었/EP | 손/NNG (?:을/JKO )?떼/VV",
    r" (?:일/NNG (?:칸|목록)|대기|투두|투/[A-Z]+ 두|백로그|todo|TODO|to-do|뒤|"
    r"원점)/?[A-Z]* (?:[^ ]+ ){0,3}?(?:돌리|빼|내리|옮기|넣|되돌리|보내|되돌아가|미루)/VV",
)
_REOPENED = either(
    r" (?:다시|도로|재|또)/[A-Z]+ (?:[^ ]+ ){0,4}?(?:열|뜯|고치|손보|쓰|잡|맞추|오픈|작업|수정|작성|만들|까|"
    r"붙잡|건드리|확인|올리|검토)/(?:VV|NNG|XSV|NNP|XR|VX)",
    r" (?:재오픈|재작업|리오픈|재수정)/",
    r" (?:다시|도로)/MAG [^$]*(?: 고/EC 있/VX| 중/NNB| 시작/NNG 하/XSV 었)",
)
_NOT = re.compile(
    r" (?:안|못|덜|아직)/(?:MAG|IC)| 않/V[XV]| 못하/V[XV]| 없/VA| 아니/VCN| 말/VX | 전/NNG 이/VCP| 전/NNB 이/VCP"
)
_NOT_VERB = re.compile(r" (?:안|못|덜)/MAG| 않/VX| 못하/V[XV]| 아니/VCN| 손/NNG 도/JX | 없/VA")
_HEDGES = either(
    r" (?:것|거)/NNB (?:도/JX |은/JX )?같/VA| 수/NNB 도/JX 있| 언젠가/| 나중/NNG 에/| 글쎄/| 아마/",
    r" 생각/NNG 하?/?(?:XSV )?어?/?(?:EC )?보/| 고민/NNG| 면/EC (?:좋|재미있|재밌|어떻)/| 싶/VX",
    r" 모르/VV 겠/EP| 장담/NNG",
)
_IF = re.compile(r" (?:면|으면|라면|ᆫ다면|는다면|다면)/EC| 혹시/| 만약/| 만일/")
_UNDO = either(
    r" (?:안|말)/(?:MAG|VX|VV) (?:[^ ]+/(?:XSV|VV|NNG) )*(?:어도/EC (?:되|괜찮|좋)|ᆯ래요?/EF|ᆯ게요?/EF|"
    r"기/ETN 로)",
    r" (?:지|지는)/E[A-Z] 말/VX | 그냥/MAG (?:두|놔두|냅두)/VV| (?:취소|철회)/NNG (?:하|되|이)/",
    r" 없/VA 던/ETM (?:걸|거)|빠지/VV 겠/EP| 아니/(?:VCN|VA) 다/E[CF]",
    r" (?:관두|그만두|놔두|냅두|집어치우)/VV| 필요/NNG (?:는/JX )?(?:가/JKS )?없/VA",
    r" (?:려고|ᆯ까|려다가|으려고|려다)/E[CF] (?:하/V[VX] )?(?:었/EP )",
)
_HEARD = either(
    r" (?:ᆫ대요?|는대요?|대요?|ᆫ답니다|는답니다|답니다|ᆫ단다|래요|이래요|라네요|다네요|ᆫ다네요|는다네요)/EF",
    r" (?:ᆫ다고|는다고|다고|라고|겠다고)/EC (?:[^ ]+ )?(?:하|듣|그러|들)/V|/EF[^$]*고/JKQ (?:하|듣)/VV",
)
_SETTLES = either(
    r" 기/ETN 로/JKB (?:결정/NNG |확정/NNG |합의/NNG )?하/(?:VV|XSV) (?:시/EP )?(?:었/EP |겠/EP )?(?:죠|지요|"
    r"자|자고|습니다|어요|ᆸ시다|잖아요|ᆫ|어)/",
    r" (?:거/NNB (?:ᆯ로|으로|로)/JKB|걸/NNG 로/JKB|것/NNB 으로/JKB|거/NNB 로/JKB) (?:[^ ]+ )?(?:하|가|정하|"
    r"확정|결정)/",
    r" (?:로|으로|로만|으로만)/JKB (?:만/JX )?(?:하|가|정하|통일)/(?:VV|"
    r"NNG) (?:하/XSV )?(?:시/EP )?(?:겠/EP )?(?:죠|지요|자|ᆸ시다|습니다|어요|ᆫ다|기/ETN|는)/?",
    r" (?:확정|결정|통일|합의)/NNG (?:하|되|이)/[A-Z]+ (?:겠/EP |었/EP |시/EP )?(?:습니다|죠|ᆸ니다|어요|자|"
    r"ᆸ시다)",
    r" 않/VX 기/ETN 로| 말/VX (?:자|죠|ᆸ시다)/EF",
)
_RUNS_MEETING = either(
    r" (?:회의|스탠드업|미팅|스크럼|킥오프|데일리|안건|주간|마이크|화면)/NN[A-Z] (?:[^ ]+ ){0,3}?(?:시작|마치|"
    r"진행|끝내|마무리|열|끄|키|켜)/",
    r" 여기/NP 까지/JX| 말씀/NNG | 말씀드리/| 넘어가/VV| 다음/NNG (?:안건|분|주제|순서)| 이상/NNG 이/VCP",
    r" 그만/MAG 하/| 소개/NNG| 수고/NNG| 고생/NNG | 다들/| 잠시/MAG| 잠깐/| 기다리/VV 어/EC 주| 들리/VV",
    r" 보이/VV 세요| 참고/NNG 하/XSV (?:시/EP )?(?:세요|어)",
)
_SMALL = either(
    r" (?:커피|점심|저녁|밥|회식|날씨|에어컨|히터|창문|음소거|김밥|돈까스|치킨|고기|맥주|간식|과자|주말|등산|"
    r"지하철|버스|주차|감기|김치찌개|짜장면|짬뽕|도넛|빵|산책|휴가|여행|커튼|불)/NN[A-Z] ",
)
_SMALL_VERB = re.compile(r" (?:먹|마시|드시|드세|쏘|쉬|자|들|졸리|춥|덥)/V[AV] ")
_AGREES = either(
    r"^ (?:[^ ]+/(?:IC|SP|MAG|S[A-Z]) )*(?:네|넵|넹|예|옙|응|어|ㅇㅋ|오케이|오키|그럼요|물론이죠|콜|좋|알겠|"
    r"그러|그렇|알|가능|물론|당연|확인)",
)
_AGREE_WORDS = either(
    r" (?:네|넵|넹|예|옙|응|어|오케이|오키|콜|그럼요)/(?:IC|NNG|NNP|MAG|EF|XR)| 알/VV 겠/EP| 알/VV 었/EP",
    r" 그러/V[VA] ?[^ ]*(?:겠|ᆯ게|죠)| 그렇/VA| 가능/[A-Z]+ (?:하/XSA )?| 좋/VA 습니다| 좋/VA 어요| 물론/MAG| 당연",
)
_OWNS = either(
    r"^ (?:[^ ]+/(?:IC|MAJ|MAG|SP|S[A-Z]|NP|NNB|JX|ETM|VV|NNG) )*(?:저|나|제|내|저희)/NP (?:요|이요|"
    r"예요)/(?:JX|EF|IC)",
    r" (?:저|나)/NP (?:가/JKS )?(?:이/VCP )?(?:요|이요|예요|어요|지|죠|에요|다|야|죠)/(?:JX|EF)| 제가요/",
    r" (?:저|나)/NP 가/JKS 요/JX",
    r" (?:저|나|저희)/NP (?:한테|에게|를/JKO|ᆯ)?/?(?:JKB|JKO)? ?주/VV (?:시/EP )?(?:세요|어요?|십시오)/EF",
    r" (?:제|내)/(?:NP|MM) (?:의/JKG )?(?:몫|담당|숙제|일|거|쪽|이름)/NN[A-Z] ",
    r" (?:저|내|제|나)/NP 가/JKS (?:[^ ]+ ){0,3}?(?:맡|가져가|받|잡)/VV",
)
_NEEDS = either(
    r" (?:어야|야)/EC (?:하|되|겠|지|죠)",
    r" (?:문제|이슈|버그|오류|에러|장애|누락)/NNG (?:가/JKS |이/JKS |는/JX )?(?:있|생기|나|발생|뜨|보이)/",
    r" 필요/NNG (?:하|이)/| (?:깨지|안되|터지|빠지|끊기|죽|멈추|틀리|막히|겹치|밀리|비)/VV",
    r" (?:없|이상하|느리)/VA| 면/EC (?:좋|어떻|되)/| 어야지/EF| 어야죠/EF",
)
_WHO = re.compile(r" (?:누구/NP 가/JKS|누가/[A-Z]+|누구/NP) [^$]*(?:VV|XSV)")
_SHALL_I = re.compile(r" (?:저|나|제|내)/NP 가/JKS [^$]*(?:ᆯ까요|을까요|ᆯ까|을까)/EF")
_ONLY_IF_DONE = re.compile(r" (?:면|으면)/EC (?!감사)")
_BEGINS = re.compile(r" (?:시작|착수)/NNG (?:[^ ]+/JKO )?하/")
AGREEMENT = 25
"""Letters that a bare agreement has at most."""
_MINE = re.compile(r" (?:저|나|제|내|저희|우리)/NP (?:가|는|도|ᆫ)/J")


def _line(morphemes: Sequence[Morpheme]) -> str:
    return "".join(f" {m.form}/{m.tag}" for m in morphemes) + " "


def _clauses(morphemes: Sequence[Morpheme]) -> list[list[Morpheme]]:
    """The sentence cut where one statement ends and the next begins."""
    cut: list[list[Morpheme]] = [[]]
    for before, morpheme in zip([None, *morphemes], morphemes, strict=False):
        cut[-1].append(morpheme)
        parts = morpheme.form in {"는데", "ᆫ데", "은데", "지만", "니까", "으니까", "거든", "더니", "는데요"}
        after_past = (
            morpheme.form in {"고", "고요", "구요", "구"} and before is not None and before.tag in {"EP", "VX", "VCP"}
        )
        if (
            (parts and morpheme.tag in {"EC", "EF"})
            or (after_past and morpheme.tag in {"EC", "EF"})
            or morpheme.tag == "EF"
        ):
            cut.append([])
    if not any(m.tag[0] in "NVMX" for m in cut[-1]) and len(cut) > 1:
        tail = cut.pop()
        cut[-1].extend(tail)
    return cut


def _claim(line: str) -> tuple[Status, bool, bool] | None:
    """(state, reopened, outright) that a clause claims for its matter."""
    if _PUT_BACK.search(line) and not _NOT_VERB.search(line):
        return Status.TODO, False, True
    if _PLANS.search(line) or _HEARD.search(line):
        return None
    if _PARTIAL.search(line):
        return Status.IN_PROGRESS, False, True
    reopened = bool(_REOPENED.search(line)) and not (_HEDGES.search(line) or _ASKS.search(line))
    goes_on = bool(_GOES_ON.search(line)) and not _STANDS.search(line)
    if _NOT_VERB.search(line) or re.search(r" 겠/EP| ᆯ게", line):
        return None
    if reopened:
        return Status.IN_PROGRESS, True, goes_on or " 었/EP" in line
    if goes_on:
        return Status.IN_PROGRESS, False, True
    if _FINISHED.search(line):
        return Status.DONE, False, True
    if _ENDED_UP.search(line):
        return Status.DONE, False, False
    return None


def read(text: str, morphemes: Sequence[Morpheme]) -> list[Saying]:
    """The sayings of one sentence."""
    line = _line(morphemes)
    asks = text.rstrip().endswith("?") or bool(_ASKS.search(line))
    clauses = _clauses(morphemes)
    named = phrase(text, morphemes)
    act, outright = _act(text, line, _line(clauses[-1]), asks, named)
    whole = Saying(
        text,
        act,
        task=named.title,
        topic=named.topic,
        doing=named.doing,
        claim=Status.TODO if act is Act.REPORT else None,
        outright=outright,
        points_back=named.points_back,
    )
    if asks:
        return [whole]
    if act in {Act.COMMIT, Act.REQUEST, Act.OWN, Act.DECIDE, Act.REPORT}:
        return [*_reports(text, clauses[:-1], named), whole]
    reports = _reports(text, clauses, named)
    if reports:
        return [*reports, whole] if act is Act.REFUSE else reports
    if _NOT.search(line) and act in {Act.NONE, Act.NEED}:
        return [replace(whole, act=Act.NEGATION)]
    return [whole]


def _reports(text: str, clauses: Sequence[Sequence[Morpheme]], named: Phrase) -> list[Saying]:
    """What the clauses claim; a clause that denies takes back the one before."""
    found: list[Saying] = []
    for clause in clauses:
        line = _line(clause)
        claim = _claim(line)
        if claim is None:
            if found and found[-1].claim is Status.DONE and _NOT_VERB.search(line):
                found.pop()
            continue
        state, reopens, outright = claim
        found.append(
            Saying(
                text,
                Act.REPORT,
                topic=named.topic,
                claim=state,
                reopens=reopens,
                outright=outright,
                points_back=named.points_back,
            )
        )
    return found


def _act(text: str, line: str, last: str, asks: bool, named: Phrase) -> tuple[Act, bool]:
    """(what the sentence as a whole does, whether outright). States are read by `_claim`; `last` is its last clause."""
    soft = bool(_HEDGES.search(last) or _IF.search(line))
    undo = bool(_UNDO.search(line))
    if _ASKED_TO_DO.search(last) and not (_PUT_BACK.search(line) or _is_small(line)):
        return (Act.REFUSE, True) if undo else (Act.REQUEST, not _ONLY_IF_DONE.search(last))
    if asks:
        return _question(line, named), True
    if undo:
        return Act.REFUSE, True
    if _PROMISES.search(last) and not _NO_PROMISE.search(last):
        return _promise(line, last), not soft
    if _is_small(line):
        return Act.SMALL, True
    if _OWNS.search(line):
        return Act.OWN, True
    if _SETTLES.search(last) and not _HEDGES.search(last):
        return Act.DECIDE, True
    if len(text) <= AGREEMENT and _AGREES.search(line) and _AGREE_WORDS.search(line):
        return Act.ACCEPT, True
    if _NEEDS.search(line) and not _HEARD.search(last):
        return Act.NEED, not soft
    return Act.NONE, True


def _question(line: str, named: Phrase) -> Act:
    if _SHALL_I.search(line):
        return Act.OFFER
    return Act.NEED if _WHO.search(line) and named.topic else Act.QUESTION


def _promise(line: str, last: str) -> Act:
    """What an ending of intention amounts to: a promise of work, or one of its many look-alikes."""
    if _PUT_BACK.search(last):
        return Act.REPORT
    if _is_small(line) or _HEARD.search(last):
        return Act.SMALL
    if _SETTLES.search(last) and not _MINE.search(line):
        return Act.NONE if _FINISHED.search(last) or " 완료/" in last else Act.DECIDE
    return Act.NONE if _BEGINS.search(last) or _HEDGES.search(last) else Act.COMMIT


def _is_small(line: str) -> bool:
    """Small talk, or the running of the meeting; "점심 전까지" is a deadline, though."""
    by_then = " 까지/JX" in line or " 전/NN" in line
    return bool(_RUNS_MEETING.search(line) or _SMALL_VERB.search(line) or (_SMALL.search(line) and not by_then))
