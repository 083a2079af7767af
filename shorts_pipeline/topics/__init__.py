"""Items in, scored topics out: filter, normalize, deduplicate, score, queue."""
