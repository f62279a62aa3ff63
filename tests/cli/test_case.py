"""`dondoc case`: what an office says of a case, through the gate, into the night, the letters and the answers."""

from __future__ import annotations

import json
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
from dondoc.flows.records.acts import Said, record, shown
from tests.stories.test_assigned_tasks import assigned
from tests.support.explain_helpers import explained, why_not_text
from tests.support.ready_databases import upgrade
from tests.support.told_letters import told
from tests.support.town import ROOT, Town, at, letters, only, rules
from tests.support.truth import untrue

ROUND_1, COMMUNE = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"
KNOWN, EXPLAINED, BACK = ActKind.ACKNOWLEDGED, ActKind.EXPLAINED, ActKind.TAKEN_BACK
ASKED, GRANTED, NO = ActKind.EXTENSION_ASKED, ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED
DISTRICT = "ln.ubnd_huyen"
OPENED, NEXT, STEP_2 = "2015-04-20", "2015-04-21", "2015-04-25"


def opened(folder: Path) -> Town:
    """Lục Nam on the morning on which 24 communes have not reported, in a database of its own."""
    engine = connect(f"sqlite:///{folder / 'x.db'}")
    upgrade(engine)
    town = Town(engine, only(rules(), ROUND_1)).founded_here()
    letters(town, OPENED)
    return town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town of which every test has its own."""
    return opened(tmp_path)


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Mapping[str, str]]:
    """A town in which nothing that is said is accepted, and the settings of the command for it."""
    folder = tmp_path_factory.mktemp("unanswered")
    return opened(folder), {"DONDOC_DATABASE": f"sqlite:///{folder / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}


@pytest.fixture
def settings(town: Town, tmp_path: Path) -> Mapping[str, str]:
    """The settings of the command for that town."""
    assert town.engine is not None
    return {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}


@pytest.fixture
def code(town: Town) -> str:
    """The case of one commune."""
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    return case.code


def says(
    settings: Mapping[str, str], code: str, kind: ActKind, when: str = f"{NEXT}T09:00", **more: object
) -> str:
    """What is answered to an act that is recorded at an instant."""
    return record(settings, Said(code, kind, **more), at(when)).text.vi  # type: ignore[arg-type]


def promises(settings: Mapping[str, str], code: str, until: str = "2015-05-05") -> str:
    """The commune explains, and promises a day."""
    return says(settings, code, EXPLAINED, until=date.fromisoformat(until), words="Lũ làm hỏng đường về huyện")


def false_in(town: Town, day: str) -> list[str]:
    """What the letters of the latest night say that is not so."""
    return [wrong for one in told(town.engine, town.book, date.fromisoformat(day)) for wrong in untrue(one)]


def test_an_explanation_pauses_the_case_and_is_in_the_next_letters(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The others hear of the second step on 25 April, and of this commune nothing until its day has passed."""
    sentence = promises(settings, code)
    assert sentence == (
        "ngày 21/04/2015, UBND xã Bảo Đài giải trình và hẹn xong ngày 05/05/2015: «Lũ làm hỏng đường về huyện»"
    )
    sent = letters(town, STEP_2)
    assert COMMUNE not in sent
    assert "ln.phong_ldtbxh" in sent
    assert code not in sent["ln.phong_ldtbxh"]
    assert letters(town, "2015-05-05").get(COMMUNE) is None
    broken = letters(town, "2015-05-06")
    passed = sentence.replace("05/05/2015", "05/05/2015 (đã qua)")
    assert f"Đã trả lời: {passed}" in broken[COMMUNE]
    assert f"Đã trả lời: {passed}" in broken["ln.phong_ldtbxh"]
    assert code in broken["ln.phong_ldtbxh"]


def test_explain_counts_the_days_that_stood_still_and_says_what_was_said(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Also on an earlier night, which knew nothing of it."""
    sentence = promises(settings, code)
    letters(town, STEP_2)
    account = explained(town, code, STEP_2)
    assert f"Trả lời 1 (answer): {sentence}" in account
    assert "04 ngày làm việc tạm dừng vì có trả lời, không tính" in account
    assert "06/05/2015: bước 2, báo" in account
    assert "Trả lời" not in explained(town, code, OPENED)


def test_whoever_acknowledges_is_asked_later_and_why_not_says_so(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Said on the 21st, it holds to the 26th: the step of the 25th is told to all but the commune."""
    says(settings, code, KNOWN)
    sent = letters(town, STEP_2)
    assert COMMUNE not in sent
    assert "Đã trả lời: ngày 21/04/2015, UBND xã Bảo Đài trả lời đã biết và sẽ xử lý" in (sent["ln.phong_ldtbxh"])
    assert (
        "đã trả lời ngày 21/04/2015 là biết việc này và sẽ xử lý; nếu chưa xong thì báo tiếp từ đêm 27/04/2015"
        in (why_not_text(town, COMMUNE, STEP_2, ROUND_1))
    )
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert case.next_on == date(2015, 4, 27)
    assert COMMUNE in letters(town, "2015-04-27")


@pytest.mark.parametrize("kind", [KNOWN, EXPLAINED])
def test_letters_after_an_answer_say_only_what_is_stored(
    town: Town, settings: Mapping[str, str], code: str, kind: ActKind
) -> None:
    """Every letter until the case has passed its last step, held against the store."""
    if kind is EXPLAINED:
        promises(settings, code)
    says(settings, code, KNOWN)
    for day in ("2015-04-25", "2015-04-27", "2015-05-06", "2015-05-07", "2015-05-19"):
        letters(town, day)
        assert [
            wrong for one in told(town.engine, town.book, date.fromisoformat(day)) for wrong in untrue(one)
        ] == []


def asks(settings: Mapping[str, str], code: str) -> str:
    """The commune asks to hand in by 15 May."""
    return says(settings, code, ASKED, until=date(2015, 5, 15), words="Chờ số liệu của thôn")


def test_an_extension_that_is_asked_for_changes_no_date(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """Whoever hears of the step reads that it is asked for, and what was decided."""
    sentence = asks(settings, code)
    assert sentence == (
        "ngày 21/04/2015, UBND xã Bảo Đài xin lùi hạn đến hết ngày 15/05/2015: «Chờ số liệu của thôn»"
    )
    says(settings, code, NO, when="2015-04-22T09:00", office=DISTRICT, document="9/UBND")
    sent = letters(town, STEP_2)
    refused = "ngày 22/04/2015, UBND huyện Lục Nam không cho lùi hạn (văn bản 9/UBND)"
    assert f"Đã trả lời: {sentence}; {refused}" in sent[COMMUNE]
    assert f"Đã trả lời: {sentence}; {refused}" in sent["ln.phong_ldtbxh"]


def grants(settings: Mapping[str, str], code: str, when: str = "2015-04-22T09:00") -> str:
    """The district, which issued the directive, grants it."""
    return says(settings, code, GRANTED, when, office=DISTRICT, until=date(2015, 5, 15), document="9/UBND")


def test_of_two_grants_the_latest_holds(town: Town, settings: Mapping[str, str], code: str) -> None:
    """Also where it is the shorter one; never a day before the limit of the rule."""
    grants(settings, code)
    says(settings, code, GRANTED, "2015-04-22T10:00", office=DISTRICT, until=date(2015, 5, 8), document="10/UBND")
    letters(town, "2015-04-23")
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert case.last_day == date(2015, 5, 8)


def test_a_granted_extension_moves_the_limit_for_good(town: Town, settings: Mapping[str, str], code: str) -> None:
    """Who knew hears of the new limit and nobody else, is reminded of it, and urged again on the day after it."""
    asks(settings, code)
    grants(settings, code)
    moved = letters(town, "2015-04-23")
    assert false_in(town, "2015-04-23") == []
    assert set(moved) - {"dondoc.operator"} == {COMMUNE}
    assert "15/05/2015" in moved[COMMUNE]
    assert (
        "ngày 22/04/2015, UBND huyện Lục Nam cho lùi hạn đến hết ngày 15/05/2015 (văn bản 9/UBND)"
        in moved[COMMUNE]
    )
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert (case.round, case.last_day, case.reached) == (2, date(2015, 5, 15), 0)
    for quiet in (STEP_2, "2015-05-07"):
        assert COMMUNE not in letters(town, quiet)
    assert letters(town, "2015-05-15")[COMMUNE].startswith("Nhắc việc: báo cáo công tác trẻ em đợt 1")
    late = letters(town, "2015-05-18")
    assert COMMUNE in late
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    assert (case.round, case.last_day, case.task.first_limit) == (2, date(2015, 5, 15), date(2015, 4, 19))
    assert false_in(town, "2015-05-18") == []
    with pytest.raises(CallRefused, match="không rút lại được"):
        says(settings, code, BACK, when="2015-05-18T09:00", office=DISTRICT, about=2)


def test_a_report_within_the_extended_limit_closes_the_case_as_that(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """It was late by the first limit and in time by the one that was granted."""
    grants(settings, code)
    letters(town, "2015-04-23")
    town.submits(COMMUNE, "child-protection", "2015-05-12", "2015-05-13T09:00")
    letters(town, "2015-05-14")
    assert town.case(ROUND_1, COMMUNE) is None
    with reading(town.engine) as conn:
        row = conn.execute(select(t.case_file.c.outcome).where(t.case_file.c.code == code)).one()
    assert row.outcome == "extended"
    with pytest.raises(CallRefused, match="Không có hồ sơ nào đang mở"):
        says(settings, code, KNOWN, when="2015-05-14T09:00")


def test_an_assigned_task_is_extended_and_a_later_correction_stands(tmp_path: Path) -> None:
    """The newest word on the limit holds, whichever way it came."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    town = Town(engine, assigned()).founded_here()
    settings = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    row = {"ref": "GV-1", "issuer": DISTRICT}
    town.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00", **row)
    letters(town, OPENED)
    (case,) = town.cases()
    record(
        settings,
        Said(case.code, GRANTED, DISTRICT, until=date(2015, 5, 15), document="5/UBND"),
        at(f"{NEXT}T09:00"),
    )
    for day in ("2015-04-22", "2015-04-23"):
        letters(town, day)
        (case,) = town.cases()
        assert (case.round, case.last_day) == (2, date(2015, 5, 15))
    town.is_assigned(COMMUNE, "assigned", "2015-05-05", "2015-04-23T09:00", **row)
    for day in ("2015-04-24", "2015-04-25"):
        letters(town, day)
        (case,) = town.cases()
        assert (case.round, case.last_day) == (3, date(2015, 5, 5))


def test_the_same_words_again_change_nothing(settings: Mapping[str, str], code: str) -> None:
    """A second click, a repeated command."""
    first, again = (
        promises(settings, code),
        record(
            settings,
            Said(code, EXPLAINED, until=date(2015, 5, 5), words="Lũ làm hỏng đường  về huyện"),
            at(f"{NEXT}T10:00"),
        ),
    )
    assert (again.text.vi, again.again) == (first, True)
    assert len(shown(settings, code, at(f"{NEXT}T11:00"))[1]) == 1


def test_what_is_taken_back_stays_on_record(settings: Mapping[str, str], code: str) -> None:
    """Only the office itself takes back what it said."""
    promises(settings, code)
    with pytest.raises(CallRefused, match="chưa được báo về hồ sơ"):
        says(settings, code, BACK, office="ln.ubnd_xa.vo_tranh", about=1)
    says(settings, code, BACK, about=1)
    values, sentences = shown(settings, code, at(f"{NEXT}T11:00"))
    assert [(act["act"], act["taken_back"]) for act in values["acts"]] == [(1, True), (2, False)]
    assert sentences[0].vi.endswith("(đã rút lại)")
    assert "rút lại trả lời số 1" in sentences[1].vi


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            {"kind": EXPLAINED, "until": date(2015, 5, 5), "office": "ln.phong_ldtbxh", "words": "x"},
            "không phải đơn vị",
        ),
        ({"kind": KNOWN, "office": "ln.ubnd_huyen"}, "chưa được báo về hồ sơ"),
        ({"kind": KNOWN, "on": date(2015, 4, 22)}, "Ngày trả lời 22/04/2015 chưa đến"),
        ({"kind": KNOWN, "on": date(2015, 4, 19)}, "trước ngày mở hồ sơ 20/04/2015"),
        ({"kind": KNOWN, "words": "x" * 301}, "Nội dung dài 301 ký tự, nhiều nhất 300"),
        ({"kind": EXPLAINED, "until": date(2015, 5, 5)}, "Giải trình, xin lùi hạn.* cần nêu lý do"),
        ({"kind": EXPLAINED, "until": date(2015, 4, 20), "words": "x"}, "Ngày hẹn 20/04/2015 đã qua"),
        ({"kind": EXPLAINED, "until": date(2015, 12, 31), "words": "x"}, "xa quá: nhiều nhất 20 ngày làm việc"),
        ({"kind": BACK, "about": 7}, "không có trả lời số 7"),
        ({"kind": ASKED, "until": date(2015, 5, 15)}, "xin lùi hạn.* cần nêu lý do"),
        ({"kind": ASKED, "until": date(2015, 4, 19), "words": "x"}, "Hạn mới 19/04/2015 phải sau hạn hiện nay"),
        (
            {"kind": GRANTED, "until": date(2015, 5, 15), "document": "9/UBND"},
            "Chỉ cơ quan ban hành hoặc giao việc",
        ),
        (
            {"kind": GRANTED, "until": date(2015, 5, 15), "office": DISTRICT},
            "cho lùi hạn hoặc chuyển đơn vị khác cần số văn bản",
        ),
        ({"kind": ASKED, "until": date(2016, 5, 15), "words": "x"}, "sau ngày văn bản hết hiệu lực 31/12/2015"),
        (
            {"kind": GRANTED, "until": date(2015, 4, 20), "office": DISTRICT, "document": "9/UBND"},
            "không trước hôm",
        ),
        ({"kind": EXPLAINED, "until": date(2015, 5, 5), "words": "cháu Hoa nghỉ học"}, "tên người"),
        ({"kind": EXPLAINED, "until": date(2015, 5, 5), "words": "gọi 0912345678"}, "số điện thoại"),
        ({"kind": KNOWN, "document": "gửi a@example.vn"}, "địa chỉ thư điện tử"),
        ({"kind": KNOWN, "document": "9" * 301}, "Nội dung dài 301 ký tự"),
        ({"kind": KNOWN, "on": date(2099, 1, 1)}, "Ngày trả lời 01/01/2099 chưa đến"),
        ({"kind": KNOWN, "office": "ln.nobody"}, "Không có đơn vị nào mã"),
    ],
)
def test_what_is_not_accepted_is_refused_in_words_and_logged(
    unanswered: tuple[Town, Mapping[str, str]], said: dict[str, object], why: str
) -> None:
    """Nothing of it is recorded; the log has the reason, and not the words."""
    town, settings = unanswered
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    before = len(refusals(town))
    with pytest.raises(CallRefused, match=why):
        record(settings, Said(case.code, **said), at(f"{NEXT}T09:00"))  # type: ignore[arg-type]
    with reading(town.engine) as conn:
        assert conn.execute(select(t.act)).all() == []
    logged = refusals(town)[before:]
    assert len(logged) == (0 if "mã" in why else 1)
    assert not any("Hoa" in one or "0912" in one for one in logged)


def refusals(town: Town) -> list[str]:
    """What the log says of acts that were not accepted, in the order in which it says so."""
    e = t.event.c
    with reading(town.engine) as conn:
        return list(conn.scalars(select(e.detail).where(e.kind == "act-refused").order_by(e.entry, e.position)))


def test_an_unknown_case_is_named(settings: Mapping[str, str]) -> None:
    """With where the codes are."""
    with pytest.raises(CallRefused, match="Không có hồ sơ nào đang mở mang mã «LN15-9999»"):
        says(settings, "LN15-9999", KNOWN)


def test_a_third_acknowledgement_is_refused_with_what_is_needed_now(
    settings: Mapping[str, str], code: str
) -> None:
    """The gate says what the night would do."""
    says(settings, code, KNOWN)
    says(settings, code, KNOWN, when="2015-04-22T09:00")
    with pytest.raises(CallRefused, match=r"đủ 2 lần; nay cần giải trình với ngày hẹn"):
        says(settings, code, KNOWN, when="2015-04-23T09:00")


def test_the_commands_record_and_show(settings: Mapping[str, str], code: str) -> None:
    """As an operator types them, for a case that is open today."""
    runner = CliRunner()
    env = {**settings, "COLUMNS": "200"}
    ended = runner.invoke(program(), ["case", "ack", code.lower(), "--words", "Đang làm"], env=env)
    assert ended.exit_code == 0, ended.output
    assert "Có hiệu lực từ đêm tới." in ended.output
    again = runner.invoke(program(), ["case", "ack", code, "--words", "Đang làm"], env=env)
    assert "không đổi gì" in again.output
    said = runner.invoke(program(), ["case", "show", code], env=env)
    assert said.output.startswith("1. ngày ")
    assert "«Đang làm»" in said.output
    plain = runner.invoke(program(), ["case", "show", code, "--json"], env=env)
    assert json.loads(plain.output)["acts"][0]["kind"] == "acknowledged"
    wrong = runner.invoke(program(), ["case", "explain", code, "--until", "31/12/2030", "--words", "Lũ"], env=env)
    assert wrong.exit_code == 2
    assert "xa quá" in wrong.output
