"""Stock libraries: Pexels and Pixabay, asked for pictures and films that fit a sentence."""
