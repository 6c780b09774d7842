"""Words become a record: participants, summary, decisions, tickets."""
