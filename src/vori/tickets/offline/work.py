"""Deeds that belong to work, in both languages: a promise to do one of these is likelier a task than a kindness."""

from __future__ import annotations

import re

from vori.tickets.offline.patterns import listed

_KOREAN = frozenset(
    listed(
        "작성 제작 수정 변경 업로드 촬영 조사 추가 제외 이전 문의 수집 축소 확대 분리 공지 삭제 추출 조정 "
        "검토 주문 설정 섭외 제출 전달 발송 결정 차단 수립 준비 발급 교체 분할 예매 공유 정리 확인 요청 신청 "
        "연락 보고 발주 결제 테스트 회신 점검 개발 구현 설계 배포 적용 반영 등록 게시 인쇄 계산 재계산 분석 "
        "번역 편집 녹음 수리 예약 구매 구입 계약 업데이트 개선 해결 처리 문서화 자동화 통합 연동 배송 포장 "
        "설치 검증 취합 기획 디자인 그리기 열기 만들기 모집 교육 송부 송금 환불 청구 배정 배치 복구 백업 갱신 "
        "연장 취소 측정"
    )
)
_ENGLISH = re.compile(
    "^(?:"
    + "|".join(
        listed(
            "write draft send e-?mail call ring phone fix update prepare prep set_up create build make order book "
            "schedule review check test add remove delete move migrate file submit ask request ping message "
            "put_together get find finish document post share upload design draw print buy pay refund renew "
            "replace re-?run recalculate calculate analy[sz]e collect gather pull export import configure deploy "
            "roll_out translate record edit clean organi[sz]e arrange contact chase follow_up look_into "
            "investigate measure install open close merge rename refactor publish sign confirm invite list map "
            "plan quote price restock ship deliver label scan photograph film cut swap change raise lower split "
            "turn_(?:on|off) enable disable sort do have compile summari[sz]e rewrite redo back_up reprint register "
            "apply report provide present reach_out hire interview train (?:talk|speak)_to tell let_.*_know"
        )
    ).replace("_", " ")
    + r")\b",
    re.I,
)


def is_work(doing: str) -> bool:
    """Is this the kind of thing that goes on a board? `doing` as in `Phrase.doing`."""
    return doing in _KOREAN if re.search("[가-힣]", doing) else bool(_ENGLISH.match(doing))
