"""What the letters of a night look back on."""

from __future__ import annotations

from dondoc.engine.cases.history import History
from tests.support.worlds import day

FIRST, MOVED = day("2015-04-23"), day("2015-05-08")


def test_the_last_letter_to_a_reader_may_be_the_one_that_told_of_a_moved_limit() -> None:
    """Of the same case; who was told nothing of it had no letter."""
    past = History({7: {"party": (FIRST,), "unit": (FIRST,)}}, {7: {"party": (MOVED,)}, 8: {"unit": (MOVED,)}})
    assert [past.told(7, reader) for reader in ("party", "unit", "district")] == [(FIRST, MOVED), (FIRST,), ()]
    assert [past.last_letter(7, reader) for reader in ("party", "unit", "district")] == [MOVED, FIRST, None]
    assert past.last_letter(None, "party") is None
