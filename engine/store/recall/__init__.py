"""What was known on an earlier night."""
