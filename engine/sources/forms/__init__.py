"""Forms that offices fill in."""
