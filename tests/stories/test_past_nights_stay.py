"""What a night knew stays as it was, whatever is corrected afterwards: `explain` says of it what it said then."""

from __future__ import annotations

from datetime import date

from tests.support.explain_helpers import explained, nights_of
from tests.support.town import Town, at, only, rules

RULE, UNIT = "279-ubnd-ldtbxh/action-month", "ln.ubnd_xa.bao_dai"
EVENT = "action-month-event"
# That of the opening, and some after it.
DAYS = ("2015-07-01", "2015-07-02", "2015-07-08")


def test_a_quota_that_was_reopened_is_explained_of_earlier_nights_as_before() -> None:
    """Held in time and entered late, then corrected to none: the clock of the first weeks is what it was."""
    town = Town.founded(only(rules(), RULE))
    nights_of(town, "2015-07-01", "2015-07-08")
    case = town.case(RULE, UNIT)
    assert case is not None
    town.brings("activities", [(2, _held(1, "2015-07-08T10:00"))])
    nights_of(town, "2015-07-09", "2015-07-15")
    assert town.case(RULE, UNIT) is None
    then = [explained(town, case.code, day) for day in DAYS]
    town.brings("activities", [(2, _held(0, "2015-07-15T10:00"))])
    nights_of(town, "2015-07-16", "2015-07-20")
    again = town.case(RULE, UNIT)
    assert again is not None
    assert [explained(town, case.code, day) for day in DAYS] == then


def _held(times: int, recorded: str) -> dict[str, object]:
    """How often the commune says that it held its event, as one row of a sheet, which a later one corrects."""
    return {
        "ref": "1",
        "unit": UNIT,
        "activity": EVENT,
        "done_on": date(2015, 6, 20),
        "quantity": times,
        "recorded_at": at(recorded),
    }
