"""What the pages of the board say is what the store holds: counts, cases, steps, days, readers, months, files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from posixpath import join, normpath

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, delete, event, func, select, update

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.terms import CaseStatus, TaskGroup
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.night.cases import ladder_value
from dondoc.flows.board.addresses import stories_page, unit_page
from dondoc.flows.explain.account import explain
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.records.acts import Said, recorded
from dondoc.flows.records.task_statistics import TaskCount, task_statistics_of
from dondoc.notifications.wording.numbers import count, day
from tests.support.board_reader import Board, Element, board
from tests.support.demonstration import nights
from tests.support.ready_databases import fill
from tests.support.town import at, rules

APRIL, MAY, AUGUST, LAST = date(2015, 4, 25), date(2015, 5, 21), date(2026, 8, 3), date(2026, 11, 20)
SPRING = (date(2015, 4, 13), date(2015, 4, 17), date(2015, 4, 20), APRIL, date(2015, 5, 7), MAY)


@pytest.fixture(params=[MAY, AUGUST, LAST], ids=str)
def played(database: Engine, request: pytest.FixtureRequest) -> Engine:
    """The demonstration up to a night on which something is open, and to its end."""
    play(database, request.param)
    return database


def play(engine: Engine, last: date) -> None:
    """The nights of the demonstration up to one, inclusive, in an empty database."""

    def filling(empty: Engine) -> None:
        for night in nights(empty):
            if night == last:
                return

    fill(engine, f"the demonstration until {last}", filling)


def rows(engine: Engine, query: object) -> list[tuple[object, ...]]:
    """What the store answers."""
    with reading(engine) as conn:
        return [tuple(row) for row in conn.execute(query)]  # type: ignore[call-overload]


def names(engine: Engine) -> dict[str, str]:
    """What units are called on the latest night, by id."""
    with reading(engine) as conn:
        latest = conn.scalar(select(func.max(t.night.c.as_of)))
        units = orgchart.chart(conn, datetime.now(UTC)).units
    return {name: one.name(latest).vi for name, one in units.items()}


def open_codes(engine: Engine) -> list[str]:
    """The codes of open cases, the one that is late for longest first."""
    query = select(t.case_file.c.code).where(t.case_file.c.status != CaseStatus.CLOSED)
    return [str(code) for (code,) in rows(engine, query.order_by(t.case_file.c.breach, t.case_file.c.code))]


def listed(page: Element) -> list[str]:
    """The codes of a list of cases, in its order."""
    return [one.one("small").words.rpartition(" · ")[2] for one in page.one("ol", "cases").all("li")]


def test_the_four_counts_are_those_of_the_statistics_and_of_the_store(played: Engine) -> None:
    """On the first page; done late and the open overdue ones are counted by SQL as well."""
    found = board(played, rules())
    tiles = [int(one.one("b").words) for one in found.pages["index.html"].one("ul", "tiles").all("li")]
    with reading(played) as conn:
        by_rule = task_statistics_of(conn, rules(), TaskGroup.RULE, datetime.now(UTC))
    counts = sum((row.counts for row in by_rule), TaskCount())
    assert tiles == [counts.on_time, counts.late, counts.in_time, counts.overdue]
    assert rows(played, select(func.count()).where(t.task.c.ended == "late")) == [(tiles[1],)]
    open_ = select(t.case_file.c.task_id).where(t.case_file.c.status != CaseStatus.CLOSED)
    due = select(func.count()).where(t.task.c.id.in_(open_), t.task.c.last_day.is_not(None))
    missed = select(func.count()).where(t.task.c.ended == "missed", t.task.c.id.not_in(open_))
    assert rows(played, due)[0][0] + rows(played, missed)[0][0] == tiles[3]  # type: ignore[operator]


def test_what_is_open_stands_there_the_most_overdue_first(played: Engine) -> None:
    """All of it in the list, its beginning on the first page, and the number in both headlines."""
    found, expected = board(played, rules()), open_codes(played)
    index, all_ = found.pages["index.html"], found.pages["ho-so.html"]
    assert index.one("h1").words.startswith(f"{count(len(expected))} hồ sơ đang mở")
    assert all_.one("h1").words == f"Hồ sơ đang mở: {count(len(expected))}"
    if expected:
        assert listed(all_) == expected
        assert listed(index) == expected[:8]
    else:
        assert "Không có hồ sơ nào đang mở." in index.words


def test_the_order_is_that_of_lateness_and_not_of_codes(sqlite: Engine) -> None:
    """The case with the highest code is the first once it is late for longest."""
    play(sqlite, APRIL)
    last = open_codes(sqlite)[-1]
    with writing(sqlite) as conn:
        conn.execute(update(t.case_file).where(t.case_file.c.code == last).values(breach=date(2015, 4, 1)))
    assert listed(board(sqlite, rules()).pages["ho-so.html"])[0] == last == open_codes(sqlite)[0]


def test_every_case_stands_once_with_its_steps_days_and_readers(played: Engine) -> None:
    """With each notice that was made of it, on its day, and each night that opened, moved or closed it."""
    found, called = board(played, rules()).stories(), names(played)
    c, n, u = t.case_file.c, t.notice.c, t.unit.c
    home = {
        code: str(unit)
        for code, unit in rows(
            played,
            select(c.code, u.id).join(t.task, t.task.c.id == c.task_id).join(t.unit, u.no == t.task.c.unit_no),
        )
    }
    assert {code: address for code, (address, _) in found.items()} == {
        code: stories_page(unit) for code, unit in home.items()
    }
    told = select(c.code, n.night, u.id).join(t.case_file, c.id == n.case_id).join(t.unit, u.no == n.reader_no)
    for code, night, reader in rows(played, told):
        assert called[str(reader)] in on(found[str(code)][1], night)
    for code, opened, closed, reached, status in rows(
        played, select(c.code, c.opened_on, c.closed_on, c.reached, c.status)
    ):
        story = found[str(code)][1]
        assert "Mở hồ sơ" in on(story, opened)
        assert (closed is not None) == ("Đóng hồ sơ" in on(story, closed))
        assert (status is CaseStatus.CLOSED) == ("past" in story.given.get("class", ""))
        ladders = story.all("ol", "ladder")
        # What is closed climbs no more.
        assert bool(ladders) is (status is not CaseStatus.CLOSED)
        lines = [one for ladder in ladders for one in ladder.all("li") if one.one("b").words != "+"]
        steps = [one for one in lines if one.given.get("class") != "off"]
        assert not ladders or len(steps) == min(reached, len(steps_of(played, str(code))))  # type: ignore[call-overload]


def steps_of(engine: Engine, code: str) -> list[object]:
    """The steps of the ladder that was copied onto a case."""
    ((text,),) = rows(engine, select(t.case_file.c.ladder).where(t.case_file.c.code == code))
    return [*ladder_value(str(text)).steps]


def on(story: Element, when: object) -> str:
    """What a timeline says of a day."""
    assert when is None or isinstance(when, date)
    lines = story.one("ol", "line").all("li")
    return " ".join(one.words for one in lines if when and one.one("b").words == day(when))


def test_the_steps_are_those_of_explain(played: Engine) -> None:
    """Each step of every open case with its night and its readers, as `dondoc explain` has them."""
    found, called = board(played, rules()).stories(), names(played)
    with reading(played) as conn:
        latest = conn.scalar(select(func.max(t.night.c.as_of)))
        assert latest is not None
        with night_view(conn, rules(), latest) as view:
            for code in open_codes(played):
                lines = found[code][1].one("ol", "ladder").all("li")
                rungs = [rung for rung in explain(view, code).rungs if not rung.repeat]
                assert [one.one("b").words for one in lines[: len(rungs)]] == [str(rung.number) for rung in rungs]
                for line, rung in zip(lines, rungs, strict=False):
                    assert rung.due is not None
                    assert f"đêm {day(rung.due)}" in line.words
                    assert all(called[reader] in line.one("small").words for reader in rung.readers)


def test_a_month_shows_later_what_its_last_night_showed(sqlite: Engine) -> None:
    """The last column of the board after April is the column of April after May, unit by unit."""
    seen: dict[date, dict[str, list[str]]] = {}
    for night in nights(sqlite, *SPRING):
        if night in (APRIL, MAY):
            heat = board(sqlite, rules()).pages["index.html"].one("table", "heat")
            seen[night] = {row[0]: row[1:] for row in heat.rows()[2:] if len(row) > 12 and row[0] != "Xu hướng"}
    before, after = seen[APRIL], seen[MAY]
    assert before["Tất cả"][-1] == "7"
    assert {name: row[-1] for name, row in before.items()} == {name: row[-2] for name, row in after.items()}
    assert after["Tất cả"][-1] == str(len(open_codes(sqlite)))
    assert sum(int(row[-1]) for name, row in after.items() if name != "Tất cả") == len(open_codes(sqlite))
    # Nobody counted before the first night: that is no figure, and not none.
    assert {cell for row in after.values() for cell in row[:-2]} == {"–"}


def test_a_unit_s_page_has_everything_below_it(played: Engine) -> None:
    """The page of a unit lists the open cases of itself and of every unit below it, and no other."""
    found = board(played, rules())
    c = t.case_file.c
    carried = select(c.code, t.unit.c.id).join(t.task, t.task.c.id == c.task_id)
    of = dict(
        rows(played, carried.join(t.unit, t.unit.c.no == t.task.c.unit_no).where(c.status != CaseStatus.CLOSED))
    )
    for unit in set(of.values()):
        mine = [code for code in open_codes(played) if of[code] == unit]
        assert [code for code in listed(found.pages[unit_page(str(unit))]) if code in mine] == mine
    if not of:
        return
    some = next(iter(set(of.values())))
    above = [one.given["href"] for one in found.pages[unit_page(str(some))].one("p", "crumbs").all("a")]
    for address in above:
        assert set(listed(found.pages[address.removeprefix("../")])) >= {code for code in of if of[code] == some}


def test_every_link_leads_to_a_place_of_the_board(played: Engine) -> None:
    """By relative links only, in both languages; the pages of one are the pages of the other."""
    found = board(played, rules())
    places = {name: set(ids(page)) for name, page in found.pages.items()}
    for address in found.pages:
        for target, place in found.targets(address):
            assert target in found.files, (address, target)
            assert not place or place in places[target], (address, target, place)
        other = address.removeprefix("en/") if address.startswith("en/") else f"en/{address}"
        *_, turned = found.pages[address].one("nav").all("a")
        assert normpath(join(address, "..", turned.given["href"])) == other
    english = {name.removeprefix("en/") for name in found.pages if name.startswith("en/")}
    assert english == {name for name in found.pages if not name.startswith("en/")}


def ids(page: Element) -> Iterator[str]:
    """Every id of a page; none is there twice."""
    found = []
    for one in page.inside:
        if isinstance(one, Element):
            found += [one.given["id"]] if "id" in one.given else []
            found += ids(one)
    assert len(found) == len(set(found))
    yield from found


def test_no_page_loads_or_runs_anything_from_elsewhere(played: Engine) -> None:
    """Its policy forbids it, and nothing of it has an address, a style or a script of its own."""
    found = board(played, rules())
    for name, raw in found.files.items():
        if not name.endswith((".html", ".css", ".js")):
            continue
        text = raw.decode()
        assert "http:" not in text
        assert "https:" not in text
        if name.endswith(".html"):
            policies = [one for one in found.pages[name].all("meta") if "http-equiv" in one.given]
            assert [one.given["content"].partition(";")[0] for one in policies] == ["default-src 'none'"]
            assert " style=" not in text
            assert "<style" not in text
            assert all("src" in one.given for one in found.pages[name].all("script"))


def test_the_files_hold_what_the_store_holds(played: Engine) -> None:
    """Every case once, in both kinds of files; days are days and numbers are numbers."""
    found = board(played, rules()).files
    stored = rows(played, select(t.case_file.c.code, t.case_file.c.opened_on).order_by(t.case_file.c.id))
    sheet = load_workbook(io.BytesIO(found["thong-ke/ho-so.xlsx"])).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[8].date()) for row in cells] == stored  # type: ignore[union-attr]
    assert all(isinstance(row[6], int) for row in cells)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    read = [*csv.reader(io.StringIO(found["thong-ke/ho-so.csv"].decode("utf-8-sig")))][1:]
    assert [(row[0], date.fromisoformat(row[8])) for row in read] == stored


def test_what_was_said_stands_on_its_day_and_what_came_later_does_not(sqlite: Engine) -> None:
    """An answer is in the timeline as the case's page has it; one after the cut-off waits for the next night."""
    play(sqlite, APRIL)
    code = open_codes(sqlite)[0]
    asked = Said(code, ActKind.EXTENSION_ASKED, until=date(2015, 5, 15), words="Đường bị ngập")
    recorded(sqlite, rules(), asked, at("2015-04-24T09:00"), Door.COMMAND)
    acknowledged = Said(code, ActKind.ACKNOWLEDGED)
    recorded(sqlite, rules(), acknowledged, at("2015-04-25T09:00"), Door.COMMAND)
    story = board(sqlite, rules()).stories()[code][1]
    assert "xin lùi hạn đến hết ngày 15/05/2015: «Đường bị ngập»" in on(story, date(2015, 4, 24))
    assert "đã biết" not in story.words


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script> & \"xã\" 'A'",
        "X" * 300,
        "UBND xã \u202eĐài Bảo\u202c",
        "UBND xã\nBảo Đài\r\n",
        "UBND xã 🦊 Bảo Đài e\u0301\u0302",
        "=HYPERLINK(1)",
    ],
    ids=["markup", "long", "right-to-left", "lines", "emoji", "formula"],
)
def test_any_name_is_only_a_name(sqlite: Engine, name: str) -> None:
    """It stands on the unit's page as it is, and makes no element, no link and no formula."""
    play(sqlite, APRIL)
    number = select(t.unit.c.no).where(t.unit.c.id == "ln.ubnd_xa.bao_dai").scalar_subquery()
    with writing(sqlite) as conn:
        conn.execute(update(t.unit_name).where(t.unit_name.c.unit_no == number).values(name=name, name_en=name))
    found = board(sqlite, rules())
    page = found.pages["don-vi/ln.ubnd_xa.bao_dai.html"]
    assert page.one("h1").words.startswith(" ".join(name.split()))
    assert [one.given.get("src") for one in page.all("script")] == []
    # A name that begins like a formula is a text for a spreadsheet.
    sheet = load_workbook(io.BytesIO(found.files["thong-ke/don-vi.xlsx"])).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(max_col=2) for cell in row} == {"s"}
    if name.startswith("="):
        assert f"'{name}" in found.files["thong-ke/don-vi.csv"].decode()


def test_an_empty_database_has_pages(sqlite: Engine) -> None:
    """They say that no night has run, and show what the directives ask."""
    found = board(sqlite, rules())
    assert found.pages["index.html"].one("h1").words == "Chưa có đêm nào được xét."
    assert "Báo cáo" in found.pages["van-ban/279-ubnd-ldtbxh.html"].words
    assert found.stories() == {}


def test_a_rule_that_is_gone_leaves_the_case_readable(sqlite: Engine) -> None:
    """Its page says so, and still tells what happened."""
    play(sqlite, APRIL)
    kept = {name: rule for name, rule in rules().rules.items() if name != "279-ubnd-ldtbxh/report-round-1"}
    found: Board = board(sqlite, replace(rules(), rules=kept))
    story = found.stories()["LN15-0001"][1]
    assert "không còn trong bộ quy tắc" in story.words
    assert "Lên bước 2" in on(story, APRIL)


def test_what_is_told_behind_the_last_step_is_a_repeat(sqlite: Engine) -> None:
    """The ladder has four steps, and no fifth."""
    again = date(2015, 5, 28)
    assert list(nights(sqlite, *SPRING[2:], again))[-1] == again
    said = on(board(sqlite, rules()).stories()["LN15-0001"][1], again)
    assert "Báo lặp lại lần 01" in said
    assert "còn tồn, báo lặp lại lần 01" in said
    assert "bước 5" not in said


def test_the_statements_do_not_grow_with_the_units(sqlite: Engine, tmp_path: Path) -> None:
    """A board of twice the pages asks the store as often."""
    other = connect(f"sqlite:///{tmp_path / 'other.db'}")
    asked: list[str] = []
    numbers, pages = [], []
    for engine, last in ((sqlite, APRIL), (other, LAST)):
        play(engine, last)
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
        asked.clear()
        pages.append(len(board(engine, rules()).pages))
        # For each month in which a night ran there is one.
        numbers.append(len([one for one in asked if "case_before" not in one]))
    assert pages[1] > 2 * pages[0]
    assert numbers[1] <= numbers[0] + 2


def test_a_unit_without_a_superior_or_a_name_has_a_page(sqlite: Engine) -> None:
    """The highest body leads nowhere up; a unit that nobody has named yet is called by its id."""
    play(sqlite, APRIL)
    number = select(t.unit.c.no).where(t.unit.c.id == "ln.ubnd_xa.bao_dai").scalar_subquery()
    with writing(sqlite) as conn:
        conn.execute(delete(t.unit_name).where(t.unit_name.c.unit_no == number))
    found = board(sqlite, rules())
    assert found.pages["don-vi/tw.chinh_phu.html"].all("p", "crumbs") == []
    assert found.pages["don-vi/ln.ubnd_xa.bao_dai.html"].one("h1").words.startswith("ln.ubnd_xa.bao_dai:")
