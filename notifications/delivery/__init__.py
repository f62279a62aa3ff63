"""To the mail server."""
