"""Tickets by a large language model: asked window by window while the meeting goes on, distrusted, and replaceable."""
