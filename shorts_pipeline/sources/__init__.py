"""A source in, items out: fetch safely, read what came, know when it is due.

Knows nothing of topics: an item is stored as it was told, once, for every channel that listens.
"""
