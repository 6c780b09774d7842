"""What the data supports, in sentences, and what is far from usual; corrected for all that was tried."""
