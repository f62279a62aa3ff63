"""The real Prefect flow: offline, quiet, once per night, and dated by its schedule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dondoc.engine.store.db.database import connect, night_lock
from dondoc.flows.night.steps import as_of_for
from tests.support.cli_office import Office

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        (datetime(2015, 4, 19, 19, 0, tzinfo=UTC), date(2015, 4, 20)),
        (datetime(2015, 4, 20, 18, 59, tzinfo=UTC), date(2015, 4, 20)),
        (datetime(2015, 4, 19, 18, 59, tzinfo=UTC), date(2015, 4, 19)),
        (datetime(2015, 4, 19, 17, 0, tzinfo=UTC), date(2015, 4, 19)),
        (datetime(2024, 2, 28, 19, 0, tzinfo=UTC), date(2024, 2, 29)),
    ],
    ids=[
        "02:00 in Vietnam is 19:00 UTC of the day before",
        "one minute before the next 02:00: a run that starts late keeps its night",
        "one minute before 02:00: still yesterday's",
        "midnight in Vietnam begins no night",
        "the night of a leap day",
    ],
)
def test_a_run_belongs_to_the_date_it_was_scheduled_for(instant: datetime, night: date) -> None:
    """The latest night whose 02:00 in Asia/Ho_Chi_Minh had come when the run was due, however late it starts."""
    assert as_of_for(instant) == night


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
