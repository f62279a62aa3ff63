"""Decides shares of a night on other machines."""
