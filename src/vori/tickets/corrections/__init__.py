"""What people corrected, as cases for the evaluation of extractors."""
