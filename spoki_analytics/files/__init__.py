"""Frames to and from files that are safe in spreadsheets: CSV, Excel, Parquet, JSON."""
