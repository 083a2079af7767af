"""The tables, one module per table; session; types."""
