"""Minutes as PDF, through fpdf2, with an embedded font that has Hangul (NanumGothic, SIL Open Font License 1.1)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fpdf import FPDF

from vori.errors import Unavailable
from vori.events import Language
from vori.minutes.phrases import PHRASES
from vori.minutes.write import Block, Kind

FONT = "NanumGothic"
MARGIN_MM, BULLET_MM = 22.0, 4.5
LOOKS: dict[Kind, tuple[float, str, float, float]] = {
    "title": (20, "B", 0, 0),
    "text": (10, "", 1, 0),
    "note": (9, "", 1, 0),
    "warning": (10, "B", 1, 0),
    "heading": (13, "B", 6, 0),
    "subheading": (10.5, "B", 3, 0),
    "item": (10, "", 1.2, BULLET_MM),
    "proof": (9, "", 0.6, 2 * BULLET_MM),
}
"""Size in points, style, space above and indent in mm."""
LEADING = 0.56
"""Height of a line, in mm for each point of its size."""
BLACK, GREY = 20, 95


for _chatty in ("fpdf", "fontTools"):
    logging.getLogger(_chatty).setLevel(logging.ERROR)  # they tell of each table and glyph that they leave out


class _Pages(FPDF):
    page_words = ""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FONT, size=8)
        self.set_text_color(GREY)
        self.cell(0, 5, self.page_words.format(self.page_no(), "{nb}"), align="C")


def to_pdf(blocks: Sequence[Block], language: Language, written_at: datetime) -> bytes:
    """The document on A4, as a file's bytes. Raises `Unavailable` without the font."""
    pages = _Pages(format="A4")
    pages.page_words = PHRASES[language].page
    for style, name in (("", "NanumGothic"), ("B", "NanumGothicBold")):
        pages.add_font(FONT, style, _fonts() / f"{name}.ttf")
    pages.set_margins(MARGIN_MM, 20)
    pages.set_auto_page_break(True, 22)
    pages.set_title(blocks[0].text)
    pages.set_author("VORI")
    pages.set_lang(language)
    pages.set_creation_date(written_at)
    pages.add_page()
    for block in blocks:
        _write(pages, block)
    return bytes(pages.output())


def _write(pages: FPDF, block: Block) -> None:
    size, style, above, indent = LOOKS[block.kind]
    pages.ln(above)
    if block.kind in {"heading", "subheading"} and pages.will_page_break(3 * size * LEADING):
        pages.add_page()
    pages.set_text_color(GREY if block.kind in {"note", "proof"} else BLACK)
    pages.set_font(FONT, style, size)
    height = size * LEADING
    if indent:
        pages.set_x(MARGIN_MM + indent - BULLET_MM + 1)
        pages.cell(BULLET_MM - 1, height, "•" if block.kind == "item" else "–")
    pages.set_left_margin(MARGIN_MM + indent)
    pages.set_x(MARGIN_MM + indent)
    if block.lead:
        pages.set_font(FONT, "B", size)
        pages.write(height, block.lead)
        pages.set_font(FONT, style, size)
    pages.write(height, f" · {block.text}" if block.lead and block.text else block.text)
    pages.ln(height)
    pages.set_left_margin(MARGIN_MM)
    pages.set_x(MARGIN_MM)


@cache
def _fonts() -> Path:
    """The folder in the wheel that brings the font; its code, which needs matplotlib, is never run."""
    found = find_spec("koreanize_matplotlib")
    if found is None or found.origin is None:
        raise Unavailable(
            "The font for PDF files isn't installed.", remedy="Run `make setup`, or ask for another format."
        )
    return Path(found.origin).parent / "fonts"
