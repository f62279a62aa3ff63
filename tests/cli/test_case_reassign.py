"""`dondoc case not-ours` and `reassign`: whose a matter is, who decides on that, and who hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.cli.program import program
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.desk import desk
from tests.cli.test_case import COMMUNE, ROUND_1, STEP_2, code, false_in, says, settings, town, unanswered
from tests.stories.test_assigned_tasks import assigned
from tests.support.explain_helpers import explained, why_not_text
from tests.support.ready_databases import upgrade
from tests.support.told_letters import told
from tests.support.town import ROOT, Town, at, letters
from tests.support.true_ends import untrue as untrue_end

__all__ = ["code", "settings", "town", "unanswered"]

NOT_OURS, GIVEN, KEPT = ActKind.NOT_OURS, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED
DONE, EXPLAINED, BACK = ActKind.DONE, ActKind.EXPLAINED, ActKind.TAKEN_BACK
OFFICE, OTHER = "ln.phong_ldtbxh", "ln.dang_uy_xa.bao_dai"
REASON, NUMBER, DAY = "Việc của Đảng ủy xã", "15/LĐTBXH", date(2015, 4, 22)


def disowns(settings: Mapping[str, str], code: str) -> str:
    """On 21 April the commune says that the report is another unit's."""
    return says(settings, code, NOT_OURS, words=REASON)


def gives(settings: Mapping[str, str], code: str, when: str = "2015-04-22T09:00", **more: object) -> str:
    """On 22 April the office that follows up gives it to the party committee of the commune."""
    return says(settings, code, GIVEN, when, **{"to": OTHER, "document": NUMBER, "dated": DAY} | more)


def false_ends(town: Town, day: str) -> list[str]:
    """What the letters of a night say of matters that went to others, and is not so."""
    return [wrong for one in told(town.engine, town.book, date.fromisoformat(day)) for wrong in untrue_end(one)]


def test_whoever_decides_reads_it_the_next_day_and_the_clock_stands_still(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """With what is asked of it, and until when the days do not count: up to 26 April."""
    assert disowns(settings, code) == (
        f"ngày 21/04/2015, UBND xã Bảo Đài báo việc này không thuộc trách nhiệm của mình: «{REASON}»"
    )
    (item,) = [one for one in desk(settings, at("2015-04-21T10:00")) if one.code == "matter-disowned"]
    assert f"dondoc case reassign {code} --to" in item.text().vi
    sent = letters(town, "2015-04-22")
    assert set(sent) - {"dondoc.operator"} == {OFFICE}
    assert "chuyển cho đơn vị khác hoặc không chuyển việc mà đơn vị báo không thuộc trách nhiệm" in sent[OFFICE]
    assert "Tình trạng: đơn vị báo không thuộc trách nhiệm; chờ Phòng Lao động" in sent[OFFICE]
    assert "quyết định đến hết ngày 26/04/2015" in sent[OFFICE]
    assert false_in(town, "2015-04-22") == []
    assert code not in letters(town, STEP_2).get(COMMUNE, "")


def test_whoever_decides_reads_of_a_later_limit_that_nothing_is_overdue(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The limit was moved to 15 May; on 23 April the commune says that the report is another unit's."""
    granted = {"office": "ln.ubnd_huyen", "until": date(2015, 5, 15), "document": NUMBER}
    says(settings, code, ActKind.EXTENSION_GRANTED, **granted)
    letters(town, "2015-04-22")
    says(settings, code, NOT_OURS, "2015-04-23T09:00", words=REASON)
    sent = letters(town, "2015-04-24")[OFFICE]
    assert "được gia hạn, hạn mới trước ngày 16/05/2015" in sent
    assert "Quá hạn 0" not in sent
    assert "chuyển cho đơn vị khác hoặc không chuyển việc mà đơn vị báo không thuộc trách nhiệm" in sent
    assert false_in(town, "2015-04-24") == []


def test_undecided_it_goes_on_after_the_hold_and_says_so(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The second step comes on 7 May, five working days later than it would; the log has why."""
    disowns(settings, code)
    letters(town, "2015-04-22")
    sent = letters(town, "2015-05-07")
    assert "chưa quyết định nên vẫn đôn đốc" in sent[COMMUNE]
    assert false_in(town, "2015-05-07") == []
    assert town.engine is not None
    with reading(town.engine) as conn:
        assert "climbed-unassigned" in set(conn.scalars(select(t.event.c.kind)))


def test_that_it_stays_is_told_on_the_next_letter_day(town: Town, settings: Mapping[str, str], code: str) -> None:
    """With the reason; one working day stood still."""
    disowns(settings, code)
    letters(town, "2015-04-22")
    says(settings, code, KEPT, "2015-04-22T09:00", words="Công văn nêu rõ UBND xã")
    sent = letters(town, "2015-04-23")
    assert set(sent) - {"dondoc.operator"} == {COMMUNE}
    assert "không chuyển: việc này vẫn của đơn vị: «Công văn nêu rõ UBND xã»" in sent[COMMUNE]
    assert false_in(town, "2015-04-23") == []
    assert code in letters(town, "2015-04-27")[COMMUNE]


def test_what_is_given_to_another_unit_ends_the_one_case_and_begins_another(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Who knew reads to whom and by which document; the other unit begins at step 1, with the old limit."""
    disowns(settings, code)
    letters(town, "2015-04-22")
    gives(settings, code)
    with pytest.raises(CallRefused, match="đã được chuyển cho đơn vị khác"):
        says(settings, code, EXPLAINED, "2015-04-22T10:00", until=date(2015, 5, 5), words="Lũ")
    sent = letters(town, "2015-04-23")
    assert set(sent) - {"dondoc.operator"} == {COMMUNE, OFFICE, OTHER}
    ended = f"đã chuyển việc này cho Đảng ủy xã Bảo Đài theo văn bản {NUMBER} ngày 22/04/2015"
    assert ended in sent[COMMUNE]
    assert ended in sent[OFFICE]
    assert f"chuyển việc này cho Đảng ủy xã Bảo Đài (văn bản {NUMBER} ngày 22/04/2015)" in sent[OTHER]
    assert "Hạn: trước ngày 20/04/2015" in sent[OTHER]
    assert false_in(town, "2015-04-23") == false_ends(town, "2015-04-23") == []
    made = town.case(ROUND_1, OTHER)
    assert made is not None
    assert (made.code, made.reached, made.clock) == ("LN15-0025", 1, date(2015, 4, 23))
    assert "chuyển việc này cho Đảng ủy xã Bảo Đài" in explained(town, made.code, "2015-04-23")
    assert "đã chuyển cho đơn vị khác" in explained(town, code, "2015-04-23")
    assert "đã báo đêm 23/04/2015" in why_not_text(town, OTHER, "2015-04-24", ROUND_1)
    assert COMMUNE not in letters(town, STEP_2)


def test_the_other_unit_hands_in_and_its_case_closes(town: Town, settings: Mapping[str, str], code: str) -> None:
    """By its own report, as any unit's; the first unit has nothing to hand in any more."""
    gives(settings, code)
    letters(town, "2015-04-23")
    made = town.case(ROUND_1, OTHER)
    assert made is not None
    says(settings, made.code, DONE, "2015-04-23T09:00", document="3/BC", done_on=date(2015, 4, 23))
    assert OTHER in letters(town, "2015-04-24")
    assert town.case(ROUND_1, OTHER) is None
    with pytest.raises(CallRefused, match="Không có hồ sơ nào đang mở"):
        says(settings, code, DONE, "2015-04-24T09:00", document="3/BC", done_on=date(2015, 4, 23))


def test_it_comes_back_to_the_first_unit_as_a_case_of_its_own(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The other unit says that it is not its own either; its steps begin again when it can hear of it."""
    gives(settings, code)
    letters(town, "2015-04-23")
    made = town.case(ROUND_1, OTHER)
    assert made is not None
    says(settings, made.code, NOT_OURS, "2015-04-23T09:00", words="Việc của UBND xã")
    gives(settings, made.code, "2015-04-23T10:00", to=COMMUNE)
    sent = letters(town, "2015-04-24")
    again = town.case(ROUND_1, COMMUNE)
    assert again is not None
    assert again.code != code
    assert again.clock == date(2015, 4, 24)
    assert {COMMUNE, OTHER} <= set(sent)
    assert false_in(town, "2015-04-24") == false_ends(town, "2015-04-24") == []


def test_an_assigned_task_goes_to_another_unit_with_its_limit(tmp_path: Path) -> None:
    """The first assignment is withdrawn, and the other unit is judged by the same rule, which does not mean it."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    town = Town(engine, assigned()).founded_here()
    settings = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", ref="GV-1", issuer="ln.ubnd_huyen")
    letters(town, "2015-04-20")
    (first,) = town.cases()
    gives(settings, first.code, "2015-04-20T09:00", office="ln.ubnd_huyen", dated=date(2015, 4, 20))
    sent = letters(town, "2015-04-21")
    (second,) = town.cases()
    assert (second.task.unit, second.task.subject, second.task.last_day) == (OTHER, "GV-1#1", first.task.last_day)
    assert (second.code != first.code, second.clock) == (True, date(2015, 4, 21))
    assert "đã chuyển việc này cho Đảng ủy xã Bảo Đài" in sent[COMMUNE]
    assert "chuyển việc này cho Đảng ủy xã Bảo Đài" in sent[OTHER]
    assert false_in(town, "2015-04-21") == false_ends(town, "2015-04-21") == []
    says(settings, second.code, DONE, "2015-04-21T09:00", document="3/BC", done_on=date(2015, 4, 21))
    letters(town, "2015-04-22")
    assert town.cases() == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param({"kind": GIVEN, "to": "ln.nobody"}, "Không có đơn vị nào mã", id="to nobody"),
        pytest.param(
            {"kind": GIVEN, "to": "ln.ubnd_xa.bao_son"}, "đã có việc này", id="to a unit that owes it too"
        ),
        pytest.param({"kind": GIVEN, "dated": None}, "thêm --date", id="by a document without a day"),
        pytest.param({"kind": GIVEN, "document": ""}, "cần số văn bản", id="without a document"),
        pytest.param({"kind": GIVEN, "office": COMMUNE}, "Chỉ cơ quan theo dõi hoặc ban hành", id="by the unit"),
        pytest.param({"kind": KEPT, "words": "Không"}, "không thuộc trách nhiệm» nào đang chờ", id="unasked"),
        pytest.param({"kind": NOT_OURS, "office": OFFICE}, "không phải đơn vị thực hiện", id="by another office"),
    ],
)
def test_what_is_refused(unanswered: tuple[Town, Mapping[str, str]], said: dict[str, object], why: str) -> None:
    """Nothing changes, and the office reads why."""
    town, settings = unanswered
    case, kind = town.case(ROUND_1, COMMUNE), said["kind"]
    assert case is not None
    given: dict[str, object] = {"to": OTHER, "document": NUMBER, "dated": DAY} if kind is GIVEN else {}
    with pytest.raises(CallRefused, match=why):
        says(settings, case.code, when="2015-04-22T09:00", **given | said)  # type: ignore[arg-type]


def test_both_are_typed(unanswered: tuple[Town, Mapping[str, str]]) -> None:
    """By today the offices of 2015 have ended: nobody is left to decide. A reassignment names a unit, or none."""
    town, settings = unanswered
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    for words, said in (
        (["not-ours", case.code, "--words", REASON], "không có cơ quan theo dõi hoặc ban hành nào để quyết định"),
        (["reassign", case.code], "cần --to, trừ khi --refuse"),
        (["reassign", case.code, "--refuse", "--words", "Việc của xã"], "Chỉ cơ quan theo dõi hoặc ban hành"),
    ):
        made = CliRunner().invoke(program(), ["case", *words], env=dict(settings))
        assert made.exit_code == 2
        assert said in " ".join(made.output.split())


def test_what_was_given_away_is_not_taken_back(town: Town, settings: Mapping[str, str], code: str) -> None:
    """Everybody who knew was told; the other unit can give it back the same way."""
    gives(settings, code)
    letters(town, "2015-04-23")
    made = town.case(ROUND_1, OTHER)
    assert made is not None
    with pytest.raises(CallRefused, match="không rút lại được"):
        says(settings, made.code, BACK, "2015-04-23T09:00", office=OFFICE, about=1)
