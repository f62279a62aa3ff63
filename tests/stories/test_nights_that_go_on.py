"""No name, row or letter ends a night: what is wrong with one is told to the operator, and the others leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Overdue
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.gather import counts
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.wording import reasons
from tests.support.town import Town, at, rules

FIRST, SECOND = date(2015, 4, 20), date(2015, 4, 25)
COMMUNE, OTHER, DISTRICT = "ln.ubnd_xa.bao_dai", "ln.ubnd_xa.bao_son", "ln.phong_ldtbxh"
# Names as they come out of badly converted files: marks on nothing, two tones, other alphabets, quotes, markup.
NAME = st.text(
    st.one_of(
        st.sampled_from("\u0300\u0301\u0303\u0309\u0323\u0306\u031b 1àảậơưĐ<>&\"'{}%=;\u200b\u202e𠀀"),
        st.characters(exclude_categories=["Cc", "Cs"]),
    ),
    min_size=1,
    max_size=12,
)


def town() -> Town:
    """The example units, nobody has reported, and no brake."""
    book = rules()
    return Town.founded(replace(book, mail=replace(book.mail, brake=Brake())))


def renamed(town: Town, names: dict[str, str]) -> None:
    """The units are called so in the store, as an import of an earlier version may have left it."""
    with writing(town.engine) as conn:
        for unit, name in names.items():
            number = select(t.unit.c.no).where(t.unit.c.id == unit).scalar_subquery()
            mine = t.unit_name.c.unit_no == number
            conn.execute(update(t.unit_name).where(mine).values(name=name, name_en=name, short=name))


def night(town: Town, on: date) -> NightReport:
    """One night."""
    return steps.judge_night(town.engine, town.book, Night(on, steps.cutoff_of(on)))


def letters(town: Town, on: date) -> dict[str, str]:
    """The text of each letter of a night, on one line, by the office it is for."""
    found = {}
    with reading(town.engine) as conn:
        for row in conn.execute(select(t.letter).where(t.letter.c.night == on)):
            body = message_from_bytes(row.mime, policy=policy.default).get_body(("plain",))
            assert body is not None
            found[row.office] = " ".join(body.get_content().split())
    return found


def all_are_written(names: dict[str, str]) -> None:
    """Two nights of units with these names: the letters and rows are as many as with any other name."""
    tried = town()
    renamed(tried, names)
    for on in (FIRST, SECOND):
        report = night(tried, on)
        assert report.state == "ok", report.lines
        assert report.counts["letters"] == _USUAL[on]


_USUAL: dict[date, int] = {}


@pytest.fixture(autouse=True, scope="module")
def _usual() -> None:
    usual = town()
    _USUAL.update({on: night(usual, on).counts["letters"] for on in (FIRST, SECOND)})


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["Bảo Đa\u0300\u0301i"])
@example([" \u0301", "1\u0323"])
@given(st.lists(NAME, min_size=1, max_size=3))
def test_whatever_the_units_are_called_every_letter_leaves(names: list[str]) -> None:
    """Names that are in the store already; of the units that are late, and of the office that follows up."""
    all_are_written(dict(zip((COMMUNE, OTHER, DISTRICT), names, strict=False)))


@pytest.mark.long
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NAME, min_size=1, max_size=3))
def test_whatever_the_units_are_called_every_letter_leaves_at_length(names: list[str]) -> None:
    """The same with many names."""
    all_are_written(dict(zip((COMMUNE, OTHER, DISTRICT), names, strict=False)))


Broken = Callable[[pytest.MonkeyPatch], None]


def failing(real: Callable[..., Any], fails: Callable[..., bool]) -> Callable[..., Any]:
    """The same function, which cannot bear some of its arguments."""

    def tried(*given: Any, **named: Any) -> Any:
        if fails(*given):
            raise ZeroDivisionError("an invented fault")
        return real(*given, **named)

    return tried


def no_row_about_it(patch: pytest.MonkeyPatch) -> None:
    """The row of one commune's task cannot be gathered, for any reader."""
    fails = lambda self, notice, *more: notice.finding.task.unit == COMMUNE  # noqa: E731
    patch.setattr(RowBuilder, "entry", failing(RowBuilder.entry, fails))


def no_words_for_it(patch: pytest.MonkeyPatch) -> None:
    """The row of one commune's task cannot be worded."""
    patch.setattr(reasons, "basis", failing(reasons.basis, lambda entry: "Bảo Đài" in entry.units))


@pytest.mark.parametrize("breaks", [no_row_about_it, no_words_for_it])
def test_a_row_that_fails_is_missing_and_told_to_the_operator(
    breaks: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other letter leaves; on the next night, when the fault is gone, its readers are notified."""
    hurt = town()
    with monkeypatch.context() as patch:
        breaks(patch)
        report = night(hurt, FIRST)
    assert report.state == "degraded"
    assert report.counts["letters"] == _USUAL[FIRST] - 1
    said = letters(hurt, FIRST)
    assert COMMUNE not in said
    assert OTHER in said
    assert COMMUNE in said["dondoc.operator"]
    assert "ZeroDivisionError: an invented fault" in said["dondoc.operator"]
    following = date(2015, 4, 21)
    assert night(hurt, following).state == "ok"
    assert set(letters(hurt, following)) == {COMMUNE, "dondoc.operator"}


def test_a_superiors_letter_leaves_without_the_row_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lacks that row alone; the reader does not count as notified of it, and hears of it the night after."""
    hurt = town()
    night(hurt, FIRST)
    with monkeypatch.context() as patch:
        no_row_about_it(patch)
        report = night(hurt, SECOND)
    assert report.state == "degraded"
    said = letters(hurt, SECOND)[DISTRICT]
    assert "23/24 xã" in said
    assert any(f"thư gửi {DISTRICT} thiếu dòng" in line for line in report.lines)
    following = date(2015, 4, 27)
    night(hurt, following)
    assert "Bảo Đài" in letters(hurt, following)[DISTRICT]


def test_a_letter_that_fails_is_missing_and_told_to_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts of one office cannot be made."""
    hurt = town()
    with monkeypatch.context() as patch:
        fails = lambda builder, offices, *more: COMMUNE in offices  # noqa: E731
        patch.setattr(counts, "count", failing(counts.count, fails))
        report = night(hurt, FIRST)
    assert (report.state, report.counts["letters"]) == ("degraded", _USUAL[FIRST] - 1)
    assert any(f"thư gửi {COMMUNE} không lập được: ZeroDivisionError" in line for line in report.lines)
    assert COMMUNE in letters(hurt, FIRST)["dondoc.operator"]


def test_a_name_in_a_title_that_was_stored_before_does_not_leave_the_house() -> None:
    """Letters print the title of the rule instead; an import of today would refuse the row."""
    book, on = rules(), date(2015, 1, 1)
    given = Text("Văn bản thử", "Document of a test")
    directive = replace(book.directives["279-ubnd-ldtbxh"], id="given", in_force_from=on, in_force_until=None)
    rule = replace(
        book.rules["279-ubnd-ldtbxh/report-round-1"],
        id="given/task",
        directive="given",
        title=given,
        short=given,
        condition=Overdue(None, "assigned", None, ()),
    )
    mail = replace(book.mail, brake=Brake())
    tried = Town.founded(
        replace(book, directives={"given": directive}, rules={"given/task": rule}, waivers=(), mail=mail)
    )
    tried.is_assigned(COMMUNE, "assigned", "2015-04-19", "2015-04-01T09:00")
    with writing(tried.engine) as conn:
        conn.execute(update(t.assignment).values(title="Thăm cháu Nguyễn Văn Bịa", title_en="Visit Nguyen Van B"))
    assert night(tried, FIRST).state == "ok"
    said = letters(tried, FIRST)[COMMUNE]
    assert "Nguyễn" not in said
    assert "Văn bản thử" in said


def without_names(town: Town, **changes: Any) -> None:
    """The names of one commune are changed so, or are gone."""
    with writing(town.engine) as conn:
        number = select(t.unit.c.no).where(t.unit.c.id == COMMUNE).scalar_subquery()
        mine = t.unit_name.c.unit_no == number
        conn.execute(
            update(t.unit_name).where(mine).values(**changes) if changes else delete(t.unit_name).where(mine)
        )


@pytest.mark.parametrize(
    "days",
    [
        pytest.param({"valid_to": date(2014, 1, 1)}, id="its last name has ended"),
        pytest.param({"valid_from": date(2016, 1, 1)}, id="its first name begins later"),
    ],
)
def test_a_unit_without_a_name_on_the_day_has_its_nearest_one(days: dict[str, date]) -> None:
    """And the operator is told, because a letter of an authority bears it."""
    nameless = town()
    without_names(nameless, **days)
    report = night(nameless, FIRST)
    assert "UBND xã Bảo Đài" in letters(nameless, FIRST)[COMMUNE]
    (line,) = [line for line in report.lines if "không có tên" in line]
    assert f"{COMMUNE}, gọi là «" in line
    assert "names.csv" in line
    assert COMMUNE in letters(nameless, FIRST)["dondoc.operator"]


def test_a_name_that_was_recorded_after_the_night_is_its_name() -> None:
    """It decides nothing; the id of the unit would stand in the letter."""
    nameless = town()
    without_names(nameless, recorded_at=at("2015-05-01T08:00"))
    report = night(nameless, FIRST)
    assert "UBND xã Bảo Đài" in letters(nameless, FIRST)[COMMUNE]
    assert not [line for line in report.lines if "không có tên" in line]


def test_a_unit_without_any_name_is_told_to_the_operator() -> None:
    """The letter leaves with its id: nothing else is known of it."""
    nameless = town()
    without_names(nameless)
    report = night(nameless, FIRST)
    assert any(f"{COMMUNE}, gọi là «{COMMUNE}»" in line for line in report.lines)
