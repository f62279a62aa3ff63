"""Explains decisions, as values: why a case stands where it stands, why an office was not notified."""
