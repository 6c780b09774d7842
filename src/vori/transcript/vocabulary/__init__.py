"""The words of a team that speech recognition may not know: kept, gathered, and found where something else was heard."""
