"""A source in, items out: fetch safely, read feeds, cron."""
