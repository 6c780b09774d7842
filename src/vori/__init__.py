"""VORI, Voice to Report: a meeting goes in as sound and comes out as words, tickets and minutes."""

__version__ = "0.1.0"
