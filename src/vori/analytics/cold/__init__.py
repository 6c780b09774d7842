"""Cold storage: facts, metrics and what sound there was, in Parquet by workspace and month; kept for ever."""
