"""A meeting's numbers while it goes on: reckoned from its events, kept, and told to pages."""
