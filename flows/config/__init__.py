"""Settings, and a first folder."""
