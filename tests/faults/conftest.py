"""What these tests share with those of the command."""

from __future__ import annotations

from tests.cli.conftest import office

__all__ = ["office"]
