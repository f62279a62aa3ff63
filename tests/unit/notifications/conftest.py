"""`--update-golden` writes the golden letters and sentences again instead of comparing with them."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option to pytest."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files again")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written again."""
    return bool(request.config.getoption("--update-golden"))
