"""Every phrase of the letters, in Vietnamese and English; what varies is an argument."""
