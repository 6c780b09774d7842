"""Spark: the only place that knows it."""
