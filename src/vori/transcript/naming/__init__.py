"""The voices of shared microphones get names, which hold everywhere and at once."""
