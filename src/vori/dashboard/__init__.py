"""What the stores can answer about a span of days: numbers, each with what is behind it."""
