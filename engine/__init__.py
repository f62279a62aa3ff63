"""The judge: turns rules, units, dates and facts into cases and notices. Its core does no input or output."""
