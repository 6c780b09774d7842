"""Looking for words in everything a workspace has."""
