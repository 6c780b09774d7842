"""What concerns a person, told from what the stores hold: nothing is told twice, or stays when it was undone."""
