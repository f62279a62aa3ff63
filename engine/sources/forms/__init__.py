"""Forms: workbooks that units fill in."""
