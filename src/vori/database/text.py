"""What the database keeps as text: nothing that steers a terminal, and no NUL, which it can't keep at all."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""No control characters."""
Line = Annotated[str, StringConstraints(pattern=LINE)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f]*$")]
"""Tabs and line breaks are welcome."""
