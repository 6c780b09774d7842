"""Regular expressions that are written as lists of alternatives."""

from __future__ import annotations

import re


def either(*alternatives: str) -> re.Pattern[str]:
    """Any of these, with case."""
    return re.compile("|".join(alternatives))


def words(*alternatives: str) -> re.Pattern[str]:
    """Any of these as whole words, in any case."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.I)


def spoken(*alternatives: str) -> re.Pattern[str]:
    """Any of these, in any case."""
    return re.compile("|".join(alternatives), re.I)


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()
