"""Reads tables into rows of the import sheets, accepted or rejected."""
