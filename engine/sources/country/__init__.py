"""The whole country as import sheets: the territories of a public data package, and the standard bodies of each.

The territories come from the package `vietnamadminunits` (MIT), an optional extra. Only its two data files are
read; its code is not imported, so its dependencies are not needed.
"""
