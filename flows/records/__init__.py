"""What was kept."""
