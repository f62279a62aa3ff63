"""Where data is fetched."""
