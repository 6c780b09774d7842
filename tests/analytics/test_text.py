"""Keywords of meetings and weeks, held against a reckoning by hand over the same words."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vori.analytics.model import KeywordRow
from vori.analytics.tokens import tokens

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TEAM = "11111111-1111-4111-8111-111111111111"
BEGAN = datetime(2026, 1, 4, 16, tzinfo=UTC)
"""A Sunday; in Seoul it is the Monday after."""
TALKS = [
    ["결제 재시도를 봤어요", "민지님 결제 승인은요?", "결제 재시도 로그", "the API retries payments"],
    ["결제 화면과 위젯 배치", "위젯 배치 위젯", "위젯을 옮겨요", "API limits, API keys"],
    ["배포 승인 배포", "롤백 롤백 절차", "민지 민지 민지"],
]
SCHEMA = "workspace_id string, meeting_id string, utterance_id string, language string, text string, who string"


def ident(meeting: int, nth: int = 0) -> str:
    return f"00000000-0000-4000-8000-00000000{meeting:02}{nth:02}"


def terms_of(spark: SparkSession, talks: list[list[str]]) -> DataFrame:
    from vori.analytics.engine.decisions import tokens as content
    from vori.analytics.engine.text import said, words

    lines = [
        (TEAM, ident(meeting), ident(meeting, nth + 1), "ko", text, "민지", True, 1_000 * nth)
        for meeting, talk in enumerate(talks)
        for nth, text in enumerate(talk)
    ]
    began = [(TEAM, ident(meeting), BEGAN + timedelta(days=4 * meeting)) for meeting in range(len(talks))]
    return said(
        words(
            spark.createDataFrame(lines[::-1], f"{SCHEMA}, named boolean, start_ms long").withColumn(
                "tokens", content("text")
            ),
            spark.createDataFrame(began, "workspace_id string, meeting_id string, started_at timestamp"),
            {TEAM: "Asia/Seoul"},
        )
    )


def by_hand(talks: list[list[str]]) -> dict[str, tuple[float, int, list[str]]]:
    """Weight, count and proofs by key."""
    counts = [Counter(word for text in talk for word in tokens(text) if word != "민지") for talk in talks]
    weeks = {"2026-01-05": (0, 1), "2026-01-12": (2,)}
    scopes: list[tuple[str, tuple[int, ...]]] = [
        (f"meeting/{ident(meeting)}", (meeting,)) for meeting in range(len(talks))
    ]
    scopes += [(f"week/{day}", meetings) for day, meetings in weeks.items()]
    found = {}
    for scope, meetings in scopes:
        whole = sum((counts[meeting] for meeting in meetings), Counter[str]())
        for term, count in whole.items():
            weight = count * math.log((len(talks) + 1) / (sum(term in one for one in counts) + 1))
            proofs = [
                ident(meeting, nth + 1)
                for meeting in meetings
                for nth, text in enumerate(talks[meeting])
                if term in tokens(text)
            ]
            if count > 1 and weight > 0:
                found[f"{scope}/{term}"] = round(weight, 9), count, proofs[:3]
    return found


def found_in(rows: list[dict[str, Any]]) -> dict[str, tuple[float, int, list[str]]]:
    told = [KeywordRow.model_validate(row) for row in rows]
    return {row.key: (round(row.weight, 9), row.count, [str(one) for one in row.utterances]) for row in told}


def test_keywords_are_those_of_a_reckoning_by_hand(spark: SparkSession) -> None:
    from vori.analytics.engine.text import keywords

    rows = [row.asDict() for row in keywords(terms_of(spark, TALKS)).collect()]
    found = found_in(rows)
    assert found == by_hand(TALKS)
    assert f"meeting/{ident(0)}/재시도" in found
    assert "week/2026-01-05/위젯" in found
    altered = [TALKS[0], [*TALKS[1], "위젯"], TALKS[2]]
    assert found != by_hand(altered)
    assert not [key for key in found if key.endswith("/민지")], "nobody's name is a keyword"
    assert terms_of(spark, [["네", "음"]]).collect() == [], "who only nods says no term"
