"""Checks across rule files."""
