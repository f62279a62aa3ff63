"""Judges: from rules, people, dates and facts to cases and notices. Its core does no input or output."""
