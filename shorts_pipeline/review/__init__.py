"""Gates, risk, decisions: any stage may ask for a decision."""
