"""The domain: units, directives, rules, tasks, findings, cases and notices, as values without input or output."""
