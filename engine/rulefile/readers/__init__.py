"""Readers of a value."""
