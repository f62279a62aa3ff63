"""The steps of a night, and its report."""
