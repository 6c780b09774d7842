"""A past meeting read by another extractor: what would be different, and taking it over."""
