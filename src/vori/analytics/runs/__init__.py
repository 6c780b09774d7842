"""Results being reckoned: what was asked for, and how it went."""
