"""Snapshots, totals, publishing times, high performers, training set."""
