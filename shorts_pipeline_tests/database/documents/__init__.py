"""The JSONB columns as types."""
