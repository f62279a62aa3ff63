"""Which offices read of every unit of a rule: in their letters all of them are counted, wherever they stand."""

from __future__ import annotations

import pytest

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.rulebook import Overdue
from tests.support.case_player import MONDAY, chart
from tests.support.worlds import book, directive, rule


@pytest.mark.parametrize(
    ("office", "follows"),
    [
        pytest.param("phong", True, id="the monitor of the rule"),
        pytest.param("van_phong", False, id="not that of its directive, where the rule has one of its own"),
        pytest.param("huyen_uy", True, id="the issuer"),
        pytest.param("thuong_truc", True, id="the organ that reads for an issuer without a mailbox"),
        pytest.param("tinh_uy", False, id="not a body above the issuer"),
        pytest.param("huyen", False, id="not a superior of the units"),
    ],
)
def test_who_reads_of_every_unit(office: str, follows: bool) -> None:  # noqa: FBT001 - a row of the table
    """The party committee of a district issued it; a department follows one of its rules up."""
    one = rule("d/one", Overdue("report", None, None), "xa_a", monitor="phong")
    recipients = Recipients(book([one], [directive("d", "huyen_uy", monitor="van_phong")]), chart(), MONDAY)
    assert recipients.follows("d/one", office) is follows
