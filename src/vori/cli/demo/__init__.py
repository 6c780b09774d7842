"""`vori demo`: a short meeting of our own, through the real thing."""
