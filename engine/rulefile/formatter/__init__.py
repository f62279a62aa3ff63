"""A file in its one form."""
