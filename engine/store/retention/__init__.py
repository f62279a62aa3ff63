"""What is removed when its time is over, and what is held on an address or a unit."""
