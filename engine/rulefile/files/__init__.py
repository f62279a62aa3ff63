"""The kinds of rule files, and how directive files become directives and rules."""
