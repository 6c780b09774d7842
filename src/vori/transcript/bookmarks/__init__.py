"""Utterances that somebody wants to find again."""
