"""Imports, pulls and forms: how data gets into the database."""
