"""Stores everything in SQL and reads it back as values; rows never leave this package."""
