"""What is checked across files."""
