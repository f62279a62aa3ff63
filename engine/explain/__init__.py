"""Accounts of what was decided: why a case stands where it stands, why an office heard nothing; values alone."""
