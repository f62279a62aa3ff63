"""What a file is made of."""
