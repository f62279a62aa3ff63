"""The whole country as import sheets: the places a public data package knows, and the standard bodies of each.

The places come from the package `vietnamadminunits` (MIT), an optional extra. Its two data files are read; its
code, and what that code needs, is not.
"""
