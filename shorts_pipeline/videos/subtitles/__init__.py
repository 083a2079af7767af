"""What is spoken, as text on the picture: grouped, timed, placed, readable whatever is behind it."""
