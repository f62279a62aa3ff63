"""`dondoc case close` and `reopen`: whoever follows a case up has the unit's report, or finds that it is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from dondoc.engine.domain.acts import ActKind
from dondoc.flows.lookup import CallRefused
from tests.cli.test_case import COMMUNE, NEXT, ROUND_1, STEP_2, code, false_in, says, settings, town
from tests.cli.test_case_done import closed as how_closed
from tests.support.explain_helpers import explained
from tests.support.town import Town, letters

__all__ = ["code", "settings", "town"]

CLOSED, REOPENED, BACK = ActKind.CLOSED, ActKind.REOPENED, ActKind.TAKEN_BACK
OFFICE, DISTRICT = "ln.phong_ldtbxh", "ln.ubnd_huyen"
NUMBER, REASON = "12/BC-UBND", "Báo cáo gửi nhầm đợt"


def closes(settings: Mapping[str, str], code: str, office: str = OFFICE) -> str:
    """The office that follows up has the report that the commune handed in the day before."""
    return says(settings, code, CLOSED, office=office, document=NUMBER, done_on=date(2015, 4, 20))


def test_a_case_is_closed_with_its_evidence(town: Town, settings: Mapping[str, str], code: str) -> None:
    """By the day of the report; whoever knew reads its number."""
    assert closes(settings, code) == (
        "ngày 21/04/2015, Phòng Lao động - Thương binh và Xã hội huyện Lục Nam đóng hồ sơ: đã có báo cáo ngày "
        "20/04/2015 (văn bản 12/BC-UBND)"
    )
    sent = letters(town, "2015-04-22")
    assert how_closed(town, code) == ("late", date(2015, 4, 20))
    assert set(sent) - {"dondoc.operator"} == {COMMUNE}
    assert NUMBER in sent[COMMUNE]
    assert false_in(town, "2015-04-22") == []


def reopens(settings: Mapping[str, str], code: str, when: str = "2015-04-23T09:00", **more: object) -> str:
    """The report that had closed the case is none."""
    return says(settings, code, REOPENED, when, **{"office": OFFICE, "words": REASON} | more)


def test_a_reopened_case_keeps_its_number_and_whoever_had_the_good_news_hears(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Its step and its memory are as they were, and its next step comes by date."""
    closes(settings, code)
    letters(town, "2015-04-22")
    assert town.case(ROUND_1, COMMUNE) is None
    reopens(settings, code)
    sent = letters(town, "2015-04-24")
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert (case.code, case.reached, case.notified[COMMUNE].level) == (code, 1, 1)
    assert set(sent) - {"dondoc.operator"} == {COMMUNE}
    assert f"mở lại hồ sơ: «{REASON}»" in sent[COMMUNE]
    assert "CÒN TỒN ==" in sent[COMMUNE]
    assert false_in(town, "2015-04-24") == []
    later = letters(town, STEP_2)
    assert code in later[COMMUNE]
    assert "Trả lời 2 (answer)" in explained(town, code, STEP_2)
    assert "Trả lời 2 (answer)" not in explained(town, code, "2015-04-22")
    assert false_in(town, STEP_2) == []


def test_whom_a_step_only_copied_is_asked_for_nothing_when_it_is_open_again(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The second step copies the labour office, which the third would ask."""
    assert "chưa cần trả lời" in letters(town, STEP_2)[OFFICE]
    says(settings, code, CLOSED, "2015-04-25T09:00", office=DISTRICT, done_on=date(2015, 4, 24), document=NUMBER)
    letters(town, "2015-04-27")
    says(settings, code, REOPENED, "2015-04-27T09:00", office=DISTRICT, words=REASON)
    again = letters(town, "2015-05-04")[OFFICE]
    assert f"mở lại hồ sơ: «{REASON}»" in again
    assert "chưa cần trả lời" in again
    assert false_in(town, "2015-05-04") == []


def test_a_report_after_that_closes_it_for_good(town: Town, settings: Mapping[str, str], code: str) -> None:
    """And its end is told once more, to those who had heard that it was open again."""
    closes(settings, code)
    letters(town, "2015-04-22")
    reopens(settings, code)
    letters(town, "2015-04-24")
    town.submits(COMMUNE, "child-protection", "2015-04-24", "2015-04-24T15:00")
    assert COMMUNE in letters(town, STEP_2)
    assert how_closed(town, code) == ("late", date(2015, 4, 24))
    assert false_in(town, STEP_2) == []
    assert COMMUNE not in letters(town, "2015-04-27")


def test_what_was_imported_is_withdrawn_with_the_reason(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """A case that a report of an import had closed is opened again as well."""
    town.submits(COMMUNE, "child-protection", "2015-04-20", f"{NEXT}T15:00")
    letters(town, "2015-04-22")
    reopens(settings, code)
    letters(town, "2015-04-24")
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert case.code == code


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"office": COMMUNE}, "Chỉ cơ quan theo dõi, nhận báo cáo hoặc ban hành", id="by the unit"),
        pytest.param(
            {"words": ""}, "mở lại, không xác nhận hoặc không chuyển cần nêu lý do", id="without a reason"
        ),
        pytest.param({"when": "2015-05-07T09:00"}, "quá 5 ngày làm việc", id="after more than five working days"),
    ],
)
def test_what_is_not_opened_again(
    town: Town, settings: Mapping[str, str], code: str, said: dict[str, str], why: str
) -> None:
    """A case that a report had closed on 22 April."""
    closes(settings, code, DISTRICT)
    letters(town, "2015-04-22")
    with pytest.raises(CallRefused, match=why):
        reopens(settings, code, **said)


def test_an_open_case_is_not_opened_and_a_reopened_one_stays_so(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Whoever reopened a case by mistake closes it again."""
    with pytest.raises(CallRefused, match="đang mở"):
        reopens(settings, code)
    closes(settings, code)
    letters(town, "2015-04-22")
    reopens(settings, code)
    letters(town, "2015-04-24")
    with pytest.raises(CallRefused, match="không rút lại được"):
        says(settings, code, BACK, "2015-04-24T09:00", office=OFFICE, about=2)
