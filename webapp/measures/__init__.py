"""Measures: what the checks say about practice over time."""
