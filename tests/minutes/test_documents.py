"""Documents say what the Markdown says, in both languages: Word files and PDF, with the font inside."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader
from tests.minutes.test_minutes_model import ENGLISH, KOREAN, meeting, reported, said, ticket

from vori.events import Language, ReportedTicket, Status
from vori.minutes.compose import compose
from vori.minutes.export import export
from vori.minutes.model import WrittenMinutes

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def written(language: Language, times: int = 1) -> WrittenMinutes:
    lines = (ENGLISH if language == "en" else KOREAN) * times
    words = said(lines, language)
    made = ReportedTicket(
        ticket=ticket("V-1", "Excel 내보내기 <b>만들기</b>", Status.TODO, "수현"),
        action="created",
        from_status=None,
        evidence=tuple(utterance.evidence for utterance in words),
    )
    return WrittenMinutes(
        minutes=compose(meeting(language=language), words, reported((made,))), version=1, written_at=AT
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Weekly planning", "Participants", "New", "The login page for the website is finished."]),
        (
            "ko",
            [
                "주간 회의",
                "참석자",
                "새 티켓",
                "프론트엔드 로그인 페이지 구현이 완료되었습니다.",
                "결제 오류 안내 문구를",
            ],
        ),
    ],
)
async def test_word_and_pdf_say_it_in_their_language(language: Language, told: list[str]) -> None:
    word = Document(BytesIO(await export(written(language), "docx")))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    pdf = PdfReader(BytesIO(await export(written(language), "pdf")))
    pages = "\n".join(page.extract_text() for page in pdf.pages)
    for words in [*told, "V-1 Excel 내보내기 <b>만들기</b>", "수현"]:
        assert words in text
        assert words in pages.replace("\n", " ")
    assert (word.core_properties.title, pdf.metadata and pdf.metadata.title) == (told[0], told[0])


async def test_the_pdf_carries_the_glyphs_it_needs_and_no_more() -> None:
    content = await export(written("ko"), "pdf")
    fonts: Any = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in fonts.values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        assert "NanumGothic" in descendant["/BaseFont"]
        assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
    assert len(content) < 300_000


async def test_long_minutes_go_over_pages_that_are_numbered_and_the_same_minutes_give_the_same_file() -> None:
    long = written("ko", times=40)
    first, again = await export(long, "pdf"), await export(long, "pdf")
    pages = PdfReader(BytesIO(first)).pages
    assert len(pages) > 3
    assert f"2 / {len(pages)}쪽" in pages[1].extract_text()
    assert first == again


async def test_words_that_no_document_can_hold_do_not_break_it() -> None:
    odd = "Ship\x0b it \x00now \u2028 😀 \ud7ff"
    minutes = compose(meeting(), said([("M\x07aya", odd)]), reported())
    kept = WrittenMinutes(minutes=minutes, version=1, written_at=AT)
    with ZipFile(BytesIO(await export(kept, "docx"))) as packed:
        assert "Ship it now" in packed.read("word/document.xml").decode()
    assert (await export(kept, "pdf")).startswith(b"%PDF-")
    assert "M aya: “Ship it now 😀" in (await export(kept, "md")).decode()
