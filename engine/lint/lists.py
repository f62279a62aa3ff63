"""How messages print lists."""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text

_SHOWN = 4


def listed(names: Sequence[str]) -> Text:
    """The first four names, and the number of the others."""
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    if more <= 0:
        return Text(shown, shown)
    return Text(f"{shown} và {more} mục khác", f"{shown} and {more} more")
