"""What a night reads from the store and writes to it."""
