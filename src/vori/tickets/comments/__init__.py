"""What people write under a ticket."""
