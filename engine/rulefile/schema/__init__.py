"""JSON Schema, from the readers."""
