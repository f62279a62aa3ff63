"""JSON Schema of the rule files, generated from the readers."""
