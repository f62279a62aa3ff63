"""Gathers a night's notices into one digest per mailbox."""
