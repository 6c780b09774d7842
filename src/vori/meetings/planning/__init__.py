"""Meetings that are yet to come: a plan has the id, and so the link, of the meeting that it becomes."""
