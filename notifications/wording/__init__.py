"""Every phrase of the letters, Vietnamese with the English beside it; what changes is an argument."""
