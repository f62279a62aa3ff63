"""Rules become definitions for durable_rules, and its matches become verdicts."""
