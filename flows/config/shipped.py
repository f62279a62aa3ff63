"""The rule packs and example data that come with the program, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """The folder `rules` or `examples`: inside the installed package, or beside it in a checkout."""
    inside = _HERE / "shipped_files" / name
    return inside if inside.is_dir() else _HERE.parent / name
