"""Each unit and each directive has a file of its own, inside the board."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from dondoc.flows.board.addresses import directive_page, stories_page, unit_page


@pytest.mark.parametrize(
    "name", ["ln.ubnd_huyen", "../../etc/passwd", "a/b", "A.b", "a.b", "đơn vị", "x..y", "", "%2e"]
)
def test_no_id_leads_out_of_its_folder(name: str) -> None:
    """Whatever it holds, the address is one file below one folder."""
    for page, folder in ((unit_page, "don-vi"), (stories_page, "ho-so"), (directive_page, "van-ban")):
        address = PurePosixPath(page(name))
        assert address.parts[0] == folder
        assert len(address.parts) == 2
        assert ".." not in page(name)
        assert page(name).isascii()


def test_two_ids_never_share_a_file() -> None:
    """Not even where capitals and small letters are the same."""
    names = ["a.b", "A.b", "a/b", "a~2f~b", "a b", "a..b", "a.~2e~b"]
    assert len({unit_page(name).lower() for name in names}) == len(names)
