"""What a workspace wants of analytics."""
