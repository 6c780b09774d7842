"""How long a meeting's sound is kept after its end: for ever, or so many days."""
