"""`dondoc case delegate`: a unit has one below it do a matter, and stays responsible itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.store.db.database import connect
from dondoc.flows.cli.program import program
from dondoc.flows.lookup import CallRefused
from tests.cli.test_case import says
from tests.support.explain_helpers import explained, why_not_text
from tests.support.ready_databases import upgrade
from tests.support.told_letters import told
from tests.support.town import ROOT, Town, letters, only, rules
from tests.support.true_asks import untrue as untrue_ask
from tests.support.true_ends import untrue as untrue_end
from tests.support.true_words import untrue as untrue_word
from tests.support.true_words import untrue_role
from tests.support.truth import untrue

DELEGATED, DONE, EXPLAINED, BACK = ActKind.DELEGATED, ActKind.DONE, ActKind.EXPLAINED, ActKind.TAKEN_BACK
RULE, DISTRICT, LABOUR = "46-ct-hu/yearly-budget", "dl.ubnd_huyen", "dl.phong_ldtbxh"
STANDING = "dl.ban_thuong_vu_huyen_uy"
OPENED, NEXT, STEP_2 = "2024-01-02", "2024-01-03", "2024-01-09"
WORDS = "Phòng tổng hợp, UBND huyện ký"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Đại Lộc on the morning on which the district's report is missing."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    town = Town(engine, only(rules(), RULE)).founded_here()
    letters(town, OPENED)
    return town


@pytest.fixture
def settings(tmp_path: Path) -> Mapping[str, str]:
    """The settings of the command for that town."""
    return {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}


@pytest.fixture
def code(town: Town) -> str:
    """The district's case."""
    case = town.case(RULE, DISTRICT)
    assert case is not None
    return case.code


def delegates(settings: Mapping[str, str], code: str, to: str = LABOUR, when: str = f"{OPENED}T09:00") -> str:
    """On the morning of the first letter the district has its labour office do it."""
    return says(settings, code, DELEGATED, when, to=to, words=WORDS)


def false_in(town: Town, day: str) -> list[str]:
    """What the letters of a night say that is not so."""
    found: list[str] = []
    for one in told(town.engine, town.book, date.fromisoformat(day)):
        found += [*untrue(one), *untrue_ask(one), *untrue_end(one), *untrue_word(one), *untrue_role(one)]
    return found


def test_who_does_it_hears_at_once_and_with_every_step_and_the_unit_stays_responsible(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The labour office is asked to do it; the district hears its steps as before, and no clock stands still."""
    assert delegates(settings, code) == (
        "ngày 02/01/2024, UBND huyện Đại Lộc phân công Phòng Lao động - Thương binh và Xã hội huyện Đại Lộc thực "
        f"hiện; việc này vẫn của đơn vị: «{WORDS}»"
    )
    sent = letters(town, NEXT)
    assert set(sent) - {"dondoc.operator"} == {LABOUR}
    assert sent[LABOUR].startswith("Việc được phân công: chưa ghi nhận kết quả bố trí ngân sách năm 2024")
    assert "Việc được phân công: UBND huyện Đại Lộc chưa được ghi nhận" in sent[LABOUR].partition("Kính gửi:")[2]
    assert "thực hiện việc được phân công, đối với 01 việc nêu tại mục MỚI" in sent[LABOUR]
    assert "là đơn vị được phân công thực hiện theo" in sent[LABOUR]
    assert "gửi bản sao cho Ban Thường vụ Huyện ủy Đại Lộc nếu chưa ghi nhận" in sent[LABOUR]
    assert false_in(town, NEXT) == []
    later = letters(town, STEP_2)
    assert {DISTRICT, LABOUR} <= set(later)
    assert "phân công Phòng Lao động" in later[DISTRICT]
    assert false_in(town, STEP_2) == []
    case = town.case(RULE, DISTRICT)
    assert case is not None
    assert (case.task.unit, case.reached) == (DISTRICT, 2)


def test_who_does_it_says_that_it_is_done_and_hears_that_it_is_closed(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Its word counts as the district's report."""
    delegates(settings, code)
    letters(town, NEXT)
    says(settings, code, DONE, f"{NEXT}T09:00", office=LABOUR, done_on=date(2024, 1, 3), document="3/BC-UBND")
    sent = letters(town, "2024-01-04")
    assert {DISTRICT, LABOUR} <= set(sent)
    assert town.case(RULE, DISTRICT) is None
    assert false_in(town, "2024-01-04") == []


def test_taken_back_it_hears_no_further_step(town: Town, settings: Mapping[str, str], code: str) -> None:
    """And another one takes its place where the district names another."""
    delegates(settings, code)
    letters(town, NEXT)
    says(settings, code, BACK, f"{NEXT}T09:00", about=1)
    assert LABOUR not in letters(town, STEP_2)
    assert false_in(town, STEP_2) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"to": "dl.huyen_uy"}, "không phải đơn vị cấp dưới", id="who stands above"),
        pytest.param({"to": "ln.phong_ldtbxh"}, "không phải đơn vị cấp dưới", id="who stands elsewhere"),
        pytest.param({"to": DISTRICT}, "không phải đơn vị cấp dưới", id="itself"),
        pytest.param({"to": LABOUR, "office": STANDING}, "không phải đơn vị thực hiện", id="who follows it up"),
        pytest.param({"to": None}, "không phải đơn vị cấp dưới", id="nobody"),
    ],
)
def test_what_is_refused(
    town: Town, settings: Mapping[str, str], code: str, said: dict[str, object], why: str
) -> None:
    """Each with its reason, and nothing is recorded."""
    with pytest.raises(CallRefused, match=why):
        says(settings, code, DELEGATED, f"{OPENED}T09:00", **said)
    assert set(letters(town, NEXT)) - {"dondoc.operator"} == set()


def test_explain_and_why_not_say_who_does_it(town: Town, settings: Mapping[str, str], code: str) -> None:
    """And `case delegate` is typed."""
    typed = ["case", "delegate", code, "--to", LABOUR, "--words", WORDS]
    ran = CliRunner().invoke(program(), typed, env=dict(settings))
    # The office is gone by the day on which this is typed.
    assert (ran.exit_code, "không hoạt động" in ran.output) == (2, True), ran.output
    delegates(settings, code)
    letters(town, NEXT)
    assert "phân công Phòng Lao động" in explained(town, code, NEXT)
    assert "ĐÃ CÓ THƯ" in why_not_text(town, LABOUR, NEXT)
