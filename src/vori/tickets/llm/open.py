"""The extractor that VORI_EXTRACTOR names, put together."""

from __future__ import annotations

from vori.clock import now
from vori.settings import OFFLINE, Settings
from vori.tickets.llm.extract import LlmExtractor, instructions, limits_of
from vori.tickets.llm.fallback import FallbackExtractor
from vori.tickets.llm.model import Ledger, Meter
from vori.tickets.llm.window import NOTHING, Codes, Window, complaint, question
from vori.tickets.model import Extractor, Talk, Turn
from vori.tickets.offline import OfflineExtractor


def open_extractor(settings: Settings, ledger: Ledger) -> Extractor:
    """`offline`, or a language model with `offline` behind it. Raises `Invalid`; nothing is asked yet."""
    if settings.extractor == OFFLINE:
        return OfflineExtractor()
    return FallbackExtractor(open_llm(settings, ledger), OfflineExtractor())


def open_llm(settings: Settings, ledger: Ledger) -> LlmExtractor:
    from vori.tickets.llm.pydantic_ai import PydanticAI  # takes seconds to load

    model = PydanticAI(settings.extractor, key=settings.extractor_key.get_secret_value())
    return LlmExtractor(model, ledger, limits=limits_of(settings))


def check(settings: Settings) -> str:
    """Have the model read two turns; what came of it, in a few words. Costs a request. Raises a `SupplierError`."""
    from vori.tickets.llm.pydantic_ai import PydanticAI

    model, meter = PydanticAI(settings.extractor, key=settings.extractor_key.get_secret_value()), Meter()
    turns = (Turn("u1", "Ada", "Good morning.", 0, 1000), Turn("u2", "Bo", "Good morning, Ada.", 1000, 2000))
    window, codes = Window((), turns), Codes("check", ("u1", "u2"), ())
    talk = Talk(turns, (), now().date(), "en")
    model.ask(instructions(), question(talk, window, NOTHING, codes), lambda a: complaint(a, window, codes), meter)
    cost = f", {meter.usd:.4f} USD" if meter.usd else ""
    return f"{model.name} answers in the right form ({meter.tokens} tokens{cost})"
