"""Explains decisions, as values: why a case is at its step, why an office was not notified."""
