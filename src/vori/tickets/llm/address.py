"""Where a language model is, as VORI_EXTRACTOR names it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from vori.errors import Invalid

HOMES = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
FORM = "anthropic:model, openai:model or https://host/v1#model"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model is."""

    kind: str
    """anthropic, openai, or url."""
    url: str
    model: str

    @property
    def name(self) -> str:
        return f"{self.model} at {urlsplit(self.url).netloc}" if self.kind == "url" else f"{self.kind}:{self.model}"


def parse(address: str) -> Place:
    """The place that an address names. Raises `Invalid`; it repeats no secret."""
    kind, _, model = address.strip().partition(":")
    if kind in HOMES:
        if not re.fullmatch(r"[\w.:/@-]+", model):
            raise Invalid(f"VORI_EXTRACTOR names no model of {kind}.", remedy=f"Write it like {FORM}.")
        return Place(kind, HOMES[kind], model)
    try:
        parts = urlsplit(address.strip())
        right = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise Invalid("VORI_EXTRACTOR names no model.", remedy=f"Write it like {FORM}.")
    model = unquote(parts.fragment).strip()
    if parts.username or parts.password or parts.query:
        raise Invalid(
            f"VORI_EXTRACTOR holds more than the address of {parts.hostname} and a model.",
            remedy=f"Write it like {FORM}; the key belongs in VORI_EXTRACTOR_KEY.",
        )
    if not model or not model.isprintable():
        raise Invalid(f"VORI_EXTRACTOR names no model at {parts.netloc}.", remedy=f"Write it like {FORM}.")
    return Place("url", f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", model)
