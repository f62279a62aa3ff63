"""Where pages stand inside the board. A letter may lead to one: these addresses stay as they are."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^a-z0-9._-]")


def unit_page(unit: str) -> str:
    """The page of a unit, by its id."""
    return f"don-vi/{_file(unit)}.html"


def stories_page(unit: str) -> str:
    """The page with every case of a unit; a case stands there under its code."""
    return f"ho-so/{_file(unit)}.html"


def directive_page(directive: str) -> str:
    """The page of a directive, by the id that the rules give it; a rule stands there under its key."""
    return f"van-ban/{_file(directive)}.html"


def _file(name: str) -> str:
    """A name for a file, another one for each id, also where capitals and small letters are the same."""
    return _PLAIN.sub(lambda letter: f"~{ord(letter[0]):x}~", name).replace("..", ".~2e~")
