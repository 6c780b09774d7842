"""When: meetings start, people join, meetings end."""
