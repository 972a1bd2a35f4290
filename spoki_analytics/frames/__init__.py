"""Rows of JSON to typed tables and pandas frames, with their provenance."""
