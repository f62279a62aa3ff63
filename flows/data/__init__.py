"""Data comes in."""
