"""Minutes as Markdown. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vori.minutes.write import Block, Kind

SPECIAL = re.compile(r"([\\`*\[\]<>]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
SHAPES: dict[Kind, str] = {
    "title": "# {}",
    "text": "{}",
    "note": "*{}*",
    "warning": "**{}**",
    "heading": "## {}",
    "subheading": "### {}",
    "item": "- {}",
    "proof": "  - {}",
}


def to_markdown(blocks: Sequence[Block]) -> str:
    """The document. What people say stays text: nothing in it becomes markup."""
    lines: list[str] = []
    before: Kind | None = None
    for block in blocks:
        if before and not (block.kind in {"item", "proof"} and before in {"item", "proof"}):
            lines.append("")
        lead = f"**{escaped(block.lead)}**" if block.lead else ""
        lines.append(SHAPES[block.kind].format(" · ".join(filter(None, (lead, escaped(block.text))))))
        before = block.kind
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """As text in which nothing is markup."""
    return SPECIAL.sub(r"\\\1", text)
