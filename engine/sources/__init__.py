"""Reads what offices send: rows and rejects, never a guess."""
