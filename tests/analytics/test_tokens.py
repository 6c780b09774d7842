"""Content words of what is said, in Korean, English and both at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vori.analytics.tokens import tokens, tokens_of

SAID = {
    "어, 결제 재시도 쪽은 어제 거의 다 봤습니다": ["결제", "재시도"],
    "네, 개인화 점수들을 오후 3시에 확인했어요": ["개인화", "점수", "확인"],
    "화면이 느려졌고 서버를 늘렸어요": ["화면", "느리다", "서버", "늘리다"],
    "로그가 깨끗하네요": ["로그", "깨끗하다"],
    "네네 음 그쵸 맞아요": [],
    "Yeah, um, I think we should retry the Payments": ["retry", "payments"],
    "It’s Anna’s two-factor sign-in; don't ship 42 or v2 on the 3rd": ["anna", "factor", "sign", "ship", "v2"],
    "okay, right, thank you": [],
    "API를 k8s에 deploy 했는데 rollback 스크립트가 없어요": ["api", "k8s", "deploy", "rollback", "스크립트"],
    "2024 100 3시": [],
    "": [],
}


@pytest.mark.parametrize("said", SAID)
def test_content_words_are_kept_in_order(said: str) -> None:
    assert tokens(said) == SAID[said]


def test_many_texts_are_read_as_one_by_one() -> None:
    texts = [*SAID, *reversed(SAID)]
    assert tokens_of(texts) == [SAID[text] for text in texts]
    assert tokens_of([]) == []


def test_english_needs_no_kiwi() -> None:
    code = (
        "import sys; from vori.analytics.tokens import tokens; assert tokens('retry it') == ['retry'];"
        "assert 'kiwipiepy' not in sys.modules; tokens('재시도'); assert 'kiwipiepy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
