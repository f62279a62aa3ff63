"""Reads the data that offices send: rows are accepted or rejected, never guessed."""

import os

# Before openpyxl is imported for the first time: where lxml is installed (drafts of letters bring it) openpyxl
# would read with it, and so without defusedxml, which refuses what declares entities.
os.environ["OPENPYXL_LXML"] = "False"
