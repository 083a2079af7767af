"""Job log, leases and attempts, pruning, doctor, trace."""
