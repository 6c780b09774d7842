"""Words that tell nothing of what is talked about, Korean and English."""

from importlib.resources import files

STOP = frozenset(
    word
    for line in files("vori.analytics").joinpath("stopwords.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Fillers, nods, and words that are said of anything."""
