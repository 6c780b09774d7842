"""The extractor that needs no key and no network: rules for Korean and English, and embeddings of titles."""

from vori.tickets.offline.extract import OfflineExtractor

__all__ = ["OfflineExtractor"]
