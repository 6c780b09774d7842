"""`vori simulate`: months of meetings and tickets of teams that don't exist, with truths planted in them."""
