"""The real Prefect flow: offline, quiet, and once per night."""

from __future__ import annotations

import pytest

from dondoc.engine.store.db.database import connect, night_lock
from tests.support.cli_office import Office

pytestmark = pytest.mark.long


def test_a_night_through_prefect(office: Office) -> None:
    """One night through the embedded server: the same answer as without Prefect, no noise, and not twice."""
    office.holds_the_examples()
    ran = office.dondoc("nightly", "--as-of", "2015-04-20", seconds=240)
    assert "Đêm 20/04/2015" in ran.out
    assert "mở mới 9" in ran.out
    assert "Traceback" not in ran.err
    assert ran.err == ""
    again = office.dondoc("nightly", "--as-of", "2015-04-20", "--plain")
    assert "đã chạy trước đó" in again.out


def test_a_night_beside_another_is_told_in_a_sentence(office: Office) -> None:
    """Through Prefect too: no traceback, and nothing was begun."""
    office.holds_the_examples()
    with night_lock(connect(f"sqlite:///{office.database}")):
        ran = office.dondoc("nightly", "--as-of", "2015-04-20", seconds=240)
    assert (ran.code, "Một đêm khác đang chạy" in ran.err) == (0, True)
    assert "Traceback" not in ran.out + ran.err
    assert "Đêm 20/04/2015" not in ran.out
