"""What `explain` and `why-not` promise an office that no mailbox reaches: nothing, also not for a working day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from tests.support.explain_helpers import explained, why_not_text
from tests.support.town import Town, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
UNIT, PARTY, DISTRICT_PARTY = "ln.ubnd_xa.bao_dai", "ln.dang_uy_xa.bao_dai", "ln.huyen_uy"
DUE = "đến lượt ở bước 2 nhưng không gửi được"
LATER = "chưa đến lượt: hồ sơ đang ở bước 2; khi tới bước báo cơ quan này cũng không gửi được"


@pytest.fixture(name="town", scope="module")
def _town() -> Town:
    """Nobody has a mailbox, and no commune reports; the second step fell due before Sunday 3 May."""
    town = Town.founded(only(rules(), REPORT), mailboxes=False)
    for night in (date(2015, 4, 20), date(2015, 5, 3)):
        before = night - timedelta(days=1)
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night), previous=before))
    return town


@pytest.mark.parametrize(("office", "said"), [(UNIT, DUE), (PARTY, DUE), (DISTRICT_PARTY, LATER)])
def test_a_closed_night_is_no_reason_where_no_night_can_tell(town: Town, office: str, said: str) -> None:
    """Who is due, and who is not yet: the reason is the mailbox, and no day is named."""
    text = why_not_text(town, office, "2015-05-03")
    assert f"{said}" in text
    assert "không tìm được hộp thư nào" in text
    assert "báo vào ngày gửi thư kế tiếp" not in text
    assert "báo từ bước" not in text


def test_no_letter_is_foretold_that_nobody_can_get(town: Town) -> None:
    """What comes next is the end of the directive, and no repeat to anybody."""
    _, _, coming = explained(town, "LN15-0001", "2015-05-03").partition("6. TIẾP THEO (NEXT)")
    assert "thôi theo dõi" in coming
    assert "tới " not in coming
