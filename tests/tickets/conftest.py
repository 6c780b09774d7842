"""The extractor, loaded once for all tests of this folder."""

from __future__ import annotations

import pytest

from vori.tickets.offline import OfflineExtractor


@pytest.fixture(scope="session")
def extractor() -> OfflineExtractor:
    return OfflineExtractor()
