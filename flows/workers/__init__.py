"""Shares of a night elsewhere."""
