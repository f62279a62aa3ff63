"""Accounts of what was decided."""
