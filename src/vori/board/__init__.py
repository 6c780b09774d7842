"""Everything becomes a live page: one WebSocket per page, snapshot then diffs."""
