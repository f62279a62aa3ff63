"""What a night reads and writes."""
