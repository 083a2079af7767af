"""What figures look like in Dagster's page: pictures and tables."""
