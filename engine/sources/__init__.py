"""Reads the data that offices send: rows are accepted or rejected, never guessed."""
