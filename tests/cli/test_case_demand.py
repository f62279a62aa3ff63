"""`dondoc case demand`: an office that was told wants the reason, and hears when none has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind
from dondoc.flows.lookup import CallRefused
from tests.cli.test_case import COMMUNE, ROUND_1, STEP_2, code, false_in, says, settings, town
from tests.support.explain_helpers import explained, why_not_text
from tests.support.town import Town, letters

__all__ = ["code", "settings", "town"]

DEMANDED, EXPLAINED, BACK = ActKind.DEMANDED, ActKind.EXPLAINED, ActKind.TAKEN_BACK
OFFICE = "ln.phong_ldtbxh"
# The office heard of the second step on 25 April; it demands on Monday the 27th, and 28 April to 3 May are closed.
SAID, HEARD, STEP_3, SILENT = "2015-04-27T09:00", "2015-05-04", "2015-05-07", "2015-05-12"
SENTENCE = "ngày 27/04/2015, Phòng Lao động - Thương binh và Xã hội huyện Lục Nam đề nghị giải trình"


def demands(town: Town, settings: Mapping[str, str], code: str) -> None:
    """The office that follows up demands an explanation, and the unit hears so on the next letter day."""
    letters(town, STEP_2)
    assert says(settings, code, DEMANDED, SAID, office=OFFICE).startswith(SENTENCE)
    assert COMMUNE not in letters(town, "2015-04-28")


def test_the_unit_is_asked_on_the_next_letter_day_and_nobody_else(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """With the office that wants it, and the day."""
    demands(town, settings, code)
    assert "04/05/2015: điều đơn vị báo cần quyết định, hoặc đề nghị giải trình" in explained(
        town, code, "2015-04-28"
    )
    assert "lần kế tiếp 04/05/2015" in why_not_text(town, COMMUNE, "2015-04-28", ROUND_1)
    sent = letters(town, HEARD)
    assert set(sent) - {"dondoc.operator"} == {COMMUNE}
    assert "giải trình với Phòng Lao động - Thương binh và Xã hội huyện Lục Nam" in sent[COMMUNE]
    assert "đề nghị, chậm nhất hết ngày 11/05/2015" in sent[COMMUNE]
    assert false_in(town, HEARD) == []


def test_its_silence_is_a_line_in_the_letter_of_whoever_demanded_it(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Five working days after the unit heard; the steps go on meanwhile, and their letters announce it."""
    demands(town, settings, code)
    letters(town, HEARD)
    step = letters(town, STEP_3)
    assert "Bước tiếp theo: 12/05/2015, báo Phòng Lao động" in step[COMMUNE]
    assert "nếu đơn vị chưa giải trình" in step[COMMUNE]
    assert COMMUNE not in letters(town, "2015-05-11")
    sent = letters(town, SILENT)
    assert set(sent) - {"dondoc.operator"} == {OFFICE}
    assert "đề nghị, đến hết ngày 11/05/2015 đơn vị chưa giải trình" in sent[OFFICE]
    assert false_in(town, SILENT) == []
    assert set(letters(town, "2015-05-13")) == {"dondoc.operator"}


def test_whoever_explains_in_time_is_not_called_silent(town: Town, settings: Mapping[str, str], code: str) -> None:
    """The case stands still up to the promised day, and nothing is said of a silence."""
    demands(town, settings, code)
    letters(town, HEARD)
    says(settings, code, EXPLAINED, "2015-05-05T09:00", until=date(2015, 5, 15), words="Chờ số liệu của thôn")
    for day in (STEP_3, SILENT, "2015-05-15"):
        assert "đơn vị chưa giải trình" not in letters(town, day).get(OFFICE, "")
    late = letters(town, "2015-05-18")
    assert "Chờ số liệu của thôn" in late[OFFICE]
    assert "đơn vị chưa giải trình" not in late[OFFICE]


def test_what_is_taken_back_is_awaited_no_longer(town: Town, settings: Mapping[str, str], code: str) -> None:
    """Before the unit has heard of it, it never does."""
    demands(town, settings, code)
    says(settings, code, BACK, "2015-04-28T09:00", office=OFFICE, about=1)
    assert COMMUNE not in letters(town, HEARD)


@pytest.mark.parametrize(
    ("office", "why"),
    [
        (COMMUNE, "không tự đề nghị mình giải trình"),
        ("ln.ubnd_huyen", "chưa được báo về hồ sơ"),
        (OFFICE, "đã đề nghị giải trình hồ sơ"),
    ],
)
def test_who_may_not_demand(town: Town, settings: Mapping[str, str], code: str, office: str, why: str) -> None:
    """The unit itself, whoever knows nothing of the case, and whoever waits already."""
    demands(town, settings, code)
    with pytest.raises(CallRefused, match=why):
        says(settings, code, DEMANDED, "2015-04-28T09:00", office=office)
