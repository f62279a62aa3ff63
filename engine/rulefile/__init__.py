"""Reads rule files: from YAML text to a `RuleBook`, or to every problem with file, line, column and a suggestion.

A text is guarded, parsed from events into our own nodes, read by tables of fields, and then checked across files.
PyYAML constructs no value, and a folder with a single problem is not used at all.
"""

from dondoc.engine.rulefile.book import FILE_KINDS, load, load_mail, load_sources
from dondoc.engine.rulefile.checks.references import check_units, unknown_units
from dondoc.engine.rulefile.rule_test_files import load_tests

__all__ = ["FILE_KINDS", "check_units", "load", "load_mail", "load_sources", "load_tests", "unknown_units"]
