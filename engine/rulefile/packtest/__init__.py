"""Tests of a rule pack."""
