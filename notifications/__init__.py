"""Notifies people: from notices to one letter per reader and night, and from letters to the mail server."""
