"""From facts to verdicts."""
