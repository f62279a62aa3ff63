"""Nights that never were."""
