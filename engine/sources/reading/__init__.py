"""From tables to rows."""
