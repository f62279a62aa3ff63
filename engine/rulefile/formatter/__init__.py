"""Formats a rule file: one form for every file with the same content."""
