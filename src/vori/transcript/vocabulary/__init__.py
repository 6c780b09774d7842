"""The words of a team that recognition may not know: kept, gathered, and found where something else was heard."""
