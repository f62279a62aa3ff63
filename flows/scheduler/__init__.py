"""When a night runs."""
