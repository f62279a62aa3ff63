"""Rules looked at."""
