"""`dondoc case done` and `confirm`: what a unit declares to have handed in, and who says whether it is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import Said, recorded
from dondoc.flows.records.desk import desk
from tests.cli.test_case import COMMUNE, DISTRICT, NEXT, OPENED, ROUND_1, STEP_2, false_in, says
from tests.stories.test_assigned_tasks import assigned
from tests.support.explain_helpers import explained, why_not_text
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, at, letters, only, rules

DONE, CONFIRMED, NO, BACK = ActKind.DONE, ActKind.CONFIRMED, ActKind.NOT_CONFIRMED, ActKind.TAKEN_BACK
NUMBER, OTHERS = "12/BC-UBND", "ln.phong_ldtbxh"
RULE = "    obligation: LN2015-7a\n"


@pytest.fixture(params=[False, True], ids=["its word counts", "an office confirms it"])
def confirmed(request: pytest.FixtureRequest) -> bool:
    """Whether the rule of the town wants declarations to be confirmed."""
    return bool(request.param)


@pytest.fixture
def folder(tmp_path: Path, *, confirmed: bool) -> Path:
    """The shipped rules; with `confirm` in the one that is played."""
    if not confirmed:
        return ROOT / "rules"
    for file in (ROOT / "rules").rglob("*.yaml"):
        copy = tmp_path / "rules" / file.relative_to(ROOT / "rules")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(file.read_text("utf-8").replace(RULE, f"{RULE}    confirm: office\n"), "utf-8")
    return tmp_path / "rules"


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Mapping[str, str]:
    """The settings of the command."""
    return {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(folder)}


@pytest.fixture
def town(tmp_path: Path, *, confirmed: bool) -> Town:
    """Lục Nam on the morning on which 24 communes have not reported."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    book = only(rules(), ROUND_1)
    book = replace(book, rules={name: replace(rule, confirmed=confirmed) for name, rule in book.rules.items()})
    town = Town(engine, book).founded_here()
    letters(town, OPENED)
    return town


@pytest.fixture
def code(town: Town) -> str:
    """The case of one commune."""
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    return case.code


def declares(settings: Mapping[str, str], code: str, on: str = "2015-04-20", when: str = f"{NEXT}T09:00") -> str:
    """The commune says that it has handed in."""
    return says(settings, code, DONE, when, done_on=date.fromisoformat(on), document=NUMBER)


def closed(town: Town, code: str) -> tuple[str | None, date]:
    """How a case closed, and the day on which its task counts as done."""
    f, k = t.case_file.c, t.task.c
    with reading(town.engine) as conn:
        row = conn.execute(select(f.outcome, k.done_on).join_from(t.case_file, t.task).where(f.code == code)).one()
    return row.outcome, row.done_on


SENTENCE = "ngày 21/04/2015, UBND xã Bảo Đài báo đã gửi ngày 20/04/2015 (văn bản 12/BC-UBND)"
WAITS = "Tình trạng: đã báo gửi, chưa xác nhận; chờ UBND huyện Lục Nam xác nhận đến hết ngày 26/04/2015"


@pytest.mark.parametrize("confirmed", [False], indirect=True)
@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        pytest.param("2015-04-20", "late", id="after the limit: late"),
        pytest.param("2015-04-17", "withdrawn", id="before it: never owed"),
    ],
)
def test_what_is_declared_settles_the_demand_the_next_night(
    town: Town, settings: Mapping[str, str], code: str, on: str, outcome: str
) -> None:
    """As if it had been imported, with its number and day; whoever knew hears that it is done."""
    declares(settings, code, on)
    sent = letters(town, "2015-04-22")
    assert closed(town, code) == (outcome, date.fromisoformat(on))
    assert NUMBER in sent[COMMUNE]
    assert false_in(town, "2015-04-22") == []


@pytest.mark.parametrize("confirmed", [False], indirect=True)
def test_what_is_taken_back_the_same_day_settles_nothing(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The case goes on as if nothing had been said."""
    declares(settings, code)
    says(settings, code, BACK, f"{NEXT}T10:00", about=1)
    assert COMMUNE in letters(town, STEP_2)


@pytest.mark.parametrize("confirmed", [True], indirect=True)
def test_a_declaration_waits_for_the_office_that_receives_the_report(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The district hears so the next night, and the step of the 25th is told of the others only."""
    assert declares(settings, code) == SENTENCE
    asked = letters(town, "2015-04-22")
    assert set(asked) - {"dondoc.operator"} == {DISTRICT}
    assert f"Đã trả lời: {SENTENCE}" in asked[DISTRICT]
    assert WAITS in asked[DISTRICT]
    assert "trong số quá hạn có 01 việc đã báo gửi, chưa xác nhận" in asked[DISTRICT]
    assert false_in(town, "2015-04-22") == []
    sent = letters(town, STEP_2)
    assert COMMUNE not in sent
    assert code not in sent[OTHERS]
    assert "1 việc đã báo gửi" in sent[OTHERS]
    assert "ngày làm việc tạm dừng vì có trả lời" in explained(town, code, STEP_2)
    assert "lần kế tiếp 07/05/2015" in why_not_text(town, COMMUNE, STEP_2, ROUND_1)


@pytest.mark.parametrize("confirmed", [True], indirect=True)
def test_what_is_confirmed_closes_by_the_day_that_was_declared(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """And whoever was asked to confirm hears that it is done, like everybody who knew."""
    declares(settings, code)
    letters(town, "2015-04-22")
    sentence = says(settings, code, CONFIRMED, "2015-04-23T09:00")
    assert sentence == "ngày 23/04/2015, UBND huyện Lục Nam xác nhận điều đã báo"
    sent = letters(town, "2015-04-24")
    assert closed(town, code) == ("late", date(2015, 4, 20))
    assert {COMMUNE, DISTRICT} <= set(sent)
    assert false_in(town, "2015-04-24") == []


@pytest.mark.parametrize("confirmed", [True], indirect=True)
def test_what_is_not_confirmed_in_time_is_followed_up_and_said_so(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Five days stood still, so the second step comes on 7 May instead of 25 April."""
    declares(settings, code)
    for quiet in ("2015-04-22", STEP_2, "2015-04-27", "2015-05-06"):
        letters(town, quiet)
    sent = letters(town, "2015-05-07")
    assert SENTENCE in sent[COMMUNE]
    assert "UBND huyện Lục Nam chưa xác nhận nên vẫn đôn đốc" in sent[COMMUNE]
    assert "UBND huyện Lục Nam chưa xác nhận nên vẫn đôn đốc" in sent[OTHERS]
    assert false_in(town, "2015-05-07") == []


@pytest.mark.parametrize("confirmed", [True], indirect=True)
def test_what_is_refused_holds_no_longer(town: Town, settings: Mapping[str, str], code: str) -> None:
    """From the day on which the office says that nothing came, the days count again."""
    declares(settings, code)
    letters(town, "2015-04-22")
    says(settings, code, NO, "2015-04-22T09:00", words="Chưa nhận được văn bản")
    for quiet in ("2015-04-23", STEP_2):
        letters(town, quiet)
    sent = letters(town, "2015-04-27")
    assert "UBND huyện Lục Nam không xác nhận điều đã báo: «Chưa nhận được văn bản»" in sent[COMMUNE]
    assert "Tình trạng" not in sent[COMMUNE]
    assert false_in(town, "2015-04-27") == []


@pytest.mark.parametrize("confirmed", [True], indirect=True)
@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        (CONFIRMED, {"office": COMMUNE}, "Chỉ UBND huyện Lục Nam xác nhận được"),
        (NO, {}, "không xác nhận hoặc không chuyển cần nêu lý do"),
        (DONE, {"done_on": date(2015, 4, 20)}, "cần số văn bản"),
        (DONE, {"done_on": date(2015, 4, 22), "document": NUMBER}, "Ngày gửi 22/04/2015 chưa đến"),
        (DONE, {"done_on": date(2015, 3, 1), "document": NUMBER}, "trước ngày ban hành văn bản 26/03/2015"),
        (
            DONE,
            {"done_on": date(2015, 4, 20), "document": NUMBER, "office": OTHERS},
            "không phải đơn vị thực hiện",
        ),
    ],
)
def test_what_is_not_accepted(
    town: Town, settings: Mapping[str, str], code: str, kind: ActKind, said: dict[str, object], why: str
) -> None:
    """Said of a case of which nothing else is wrong."""
    declares(settings, code)
    with pytest.raises(CallRefused, match=why):
        says(settings, code, kind, **said)


@pytest.mark.parametrize("confirmed", [True], indirect=True)
def test_nothing_is_confirmed_twice(settings: Mapping[str, str], code: str) -> None:
    """Nor before anything was declared; the same words again change nothing."""
    with pytest.raises(CallRefused, match="không có báo gửi nào đang chờ xác nhận"):
        says(settings, code, CONFIRMED)
    declares(settings, code)
    says(settings, code, NO, words="Chưa nhận được")
    with pytest.raises(CallRefused, match="không có báo gửi nào đang chờ xác nhận"):
        says(settings, code, CONFIRMED)


@pytest.mark.usefixtures("town")
def test_a_declaration_waits_on_the_desk_until_somebody_confirms_it(
    settings: Mapping[str, str], code: str, *, confirmed: bool
) -> None:
    """With the office to ask and the command; where its word counts nothing waits."""

    def waiting() -> list[str]:
        items = desk(settings, at(f"{NEXT}T11:00"))
        return [one.text().vi for one in items if one.code == "report-declared"]

    declares(settings, code)
    if confirmed:
        (item,) = waiting()
        assert item.endswith(
            f"→ hỏi UBND huyện Lục Nam đã nhận chưa, rồi gõ dondoc case confirm {code}, hoặc dondoc case confirm "
            f'{code} --refuse --words "LÝ DO"'
        )
        says(settings, code, CONFIRMED, f"{NEXT}T10:00")
    assert not waiting()


def test_an_assigned_task_is_done_by_its_own_report(tmp_path: Path) -> None:
    """Of two tasks of one kind only the one that was declared is settled."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    town = Town(engine, assigned()).founded_here()
    settings = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    for ref in ("GV-1", "GV-2"):
        town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", ref=ref, issuer=DISTRICT)
    letters(town, OPENED)
    first, second = town.cases()
    declares(settings, second.code)
    letters(town, "2015-04-22")
    assert [case.code for case in town.cases()] == [first.code]
    assert closed(town, second.code) == ("late", date(2015, 4, 20))


def test_a_confirmation_by_a_link_is_taken_back_after_the_case_has_closed(
    town: Town, settings: Mapping[str, str], code: str, *, confirmed: bool
) -> None:
    """The report that it let in settles nothing any more, and the case goes on."""
    if not confirmed:
        pytest.skip("nothing is confirmed where the word of the unit counts")
    declares(settings, code)

    def by_link(kind: ActKind, when: str, about: int | None = None) -> None:
        assert town.engine is not None
        recorded(town.engine, town.book, Said(code, kind, DISTRICT, about=about), at(when), Door.LINK)

    by_link(CONFIRMED, "2015-04-21T10:00")
    letters(town, "2015-04-22")
    assert town.case(ROUND_1, COMMUNE) is None
    by_link(BACK, "2015-04-22T09:00", about=2)
    sent = letters(town, "2015-04-23")
    assert "mở lại hồ sơ: «rút lại trả lời số 2»" in sent[COMMUNE]
    assert false_in(town, "2015-04-23") == []
