"""From notices."""
