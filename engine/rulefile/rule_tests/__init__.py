"""Readers of a rule pack's test files."""
