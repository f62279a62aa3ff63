"""Kinds of file."""
