"""Đôn Đốc: judges nightly whether directives are carried out, and writes to the right office.

The import package `dondoc` itself; `engine/`, `flows/` and `notifications/` are its three parts.
"""
