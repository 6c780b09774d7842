"""Stretches of a meeting that people take out of its record."""
