"""`dondoc check`: checks a rule folder."""
