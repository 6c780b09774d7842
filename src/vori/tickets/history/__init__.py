"""What happened to tickets, and people's say in it: accept, reject, undo, redo."""
