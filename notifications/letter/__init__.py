"""From rows to bytes."""
