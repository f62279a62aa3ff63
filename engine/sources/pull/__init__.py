"""Pulls data from sources: databases and drop folders."""
