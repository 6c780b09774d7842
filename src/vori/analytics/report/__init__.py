"""What analytics found, of a span of days and beside as many days before: over HTTP, as files, as a weekly digest."""
