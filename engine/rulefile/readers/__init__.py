"""Readers: each turns a YAML node into a value, or notes a problem."""
