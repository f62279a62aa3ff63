"""Reads back what was known on an earlier night."""
