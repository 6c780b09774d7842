"""Minutes as a Word document, through python-docx."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from vori.events import Language
from vori.minutes.write import Block, Kind

STYLES: dict[Kind, str] = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "item": "List Bullet",
    "proof": "List Bullet 2",
}
LATIN, HANGUL = "Calibri", "맑은 고딕"
"""Fonts are named, not embedded: a program without them takes another."""
GREY = RGBColor(0x5F, 0x63, 0x68)


def to_docx(blocks: Sequence[Block], language: Language, written_at: datetime) -> bytes:
    """The document, as a file's bytes."""
    document = Document()
    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        font = document.styles[style].font
        font.name = LATIN
        fonts = document.styles[style].element.rPr.rFonts
        for themed in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(themed), None)
        fonts.set(qn("w:eastAsia"), HANGUL)
    document.styles["Normal"].font.size = Pt(10.5)
    for block in blocks:
        paragraph = document.add_paragraph(style=STYLES.get(block.kind))
        if block.lead:
            paragraph.add_run(block.lead).bold = True
            paragraph.add_run(" · " if block.text else "")
        _write(paragraph, block)
    about = document.core_properties
    about.title, about.author, about.language = blocks[0].text[:255], "VORI", language
    about.created = about.modified = written_at.astimezone(UTC).replace(tzinfo=None)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _write(paragraph: Paragraph, block: Block) -> None:
    run = paragraph.add_run(block.text)
    run.italic = True if block.kind == "note" else None
    run.bold = True if block.kind == "warning" else None
    if block.kind == "proof":
        run.font.color.rgb = GREY
    if block.kind in {"item", "proof"}:
        paragraph.paragraph_format.space_after = Pt(2)
