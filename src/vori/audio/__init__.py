"""Sound arrives: frames are put in order, acknowledged once durable, and archived."""
