"""Minutes as a file: which formats there are, and how one is made."""

from __future__ import annotations

import asyncio
from datetime import tzinfo
from typing import Literal

from vori.minutes.markdown import to_markdown
from vori.minutes.model import WrittenMinutes
from vori.minutes.write import outline

Document = Literal["md", "docx", "pdf"]
MEDIA_TYPES: dict[Document, str] = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


async def export(written: WrittenMinutes, form: Document, zone: tzinfo | None = None) -> bytes:
    """The file's bytes. `zone` is the one it tells its date in; None is the machine's own."""
    blocks = outline(written.minutes, zone)
    if form == "md":
        return to_markdown(blocks).encode()
    if form == "docx":
        from vori.minutes.docx import to_docx as write
    else:
        from vori.minutes.fpdf import to_pdf as write
    return await asyncio.to_thread(write, blocks, written.minutes.language, written.written_at)
