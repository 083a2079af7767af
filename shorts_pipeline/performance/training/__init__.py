"""Scripts that did well, as files to train with: chosen, split, written."""
