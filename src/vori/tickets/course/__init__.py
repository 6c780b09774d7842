"""When each ticket had which status, as far as what happened to it stands."""
