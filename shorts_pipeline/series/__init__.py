"""What keeps working becomes a series."""
