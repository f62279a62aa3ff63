"""What offices answer by mail: tied to an office and a case, recorded, and what waits for a person."""
