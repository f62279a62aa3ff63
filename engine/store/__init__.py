"""Keeps what is known in SQL, and brings it back as values. Rows never travel past this package."""
