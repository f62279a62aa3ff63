"""Stores imported rows: adds, corrects or refuses each, and records the pulls of sources."""
