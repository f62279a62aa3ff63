"""The organisation chart: what it refuses, who is above whom on a day, who reads, who inherits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from dondoc.engine.domain.model import Mailbox, Relation, Succession, Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Level, Line, MailboxRole
from dondoc.engine.errors import ChartRefused
from tests.support.worlds import SINCE, day, edge, unit

D2015, D2025 = day("2015-06-01"), day("2025-07-01")


def chart(*units: Unit | str, edges: Iterable[Relation] = (), **more: tuple[object, ...]) -> OrgChart:
    """A chart of these units; a bare id is a commune."""
    made = [unit(entry) if isinstance(entry, str) else entry for entry in units]
    return OrgChart({entry.id: entry for entry in made}, tuple(edges), **more)  # type: ignore[arg-type]


REFUSED = {
    "an edge to nobody": (
        ["a"],
        [edge("a", "x.missing")],
        "a → x.missing (parent): đơn vị «x.missing» không có trong danh sách (unknown unit)",
    ),
    "a cycle of three": (
        ["a", "b", "c"],
        [edge("a", "b"), edge("b", "c"), edge("c", "a", since=day("2020-01-01"))],
        "vòng lặp cấp trên (government) ngày 01/01/2020: a → b → c (a cycle of parents)",
    ),
    "a unit above itself": (
        ["a"],
        [edge("a", "a", "party")],
        "vòng lặp cấp trên (party) ngày 01/01/2010: a (a cycle of parents)",
    ),
    "two parents on one line": (
        ["a", "b", "c"],
        [edge("a", "b"), edge("a", "c", since=day("2015-01-01"))],
        "a: hai quan hệ parent government cùng lúc từ 01/01/2015, tới b và c (two at a time)",
    ),
    "an overlap of one day": (
        ["a", "b", "c"],
        [
            edge("a", "b", "led_by", to=day("2015-01-02")),
            edge("a", "c", "led_by", since=day("2015-01-01")),
        ],
        "a: hai quan hệ led_by cùng lúc từ 01/01/2015, tới b và c (two at a time)",
    ),
    "led by a committee of another level": (
        ["a", unit("p", Level.DISTRICT)],
        [edge("a", "p", "led_by")],
        "a led_by p: khác cấp (commune, district; different levels)",
    ),
}


@pytest.mark.parametrize(("units", "edges", "sentence"), REFUSED.values(), ids=REFUSED)
def test_chart_that_contradicts_itself_is_refused(
    units: list[Unit | str], edges: list[Relation], sentence: str
) -> None:
    """Each contradiction is refused with its own sentence, and alone."""
    with pytest.raises(ChartRefused) as refused:
        chart(*units, edges=edges)
    assert refused.value.faults == (sentence,)


def test_every_fault_is_named_at_once() -> None:
    """Somebody who repairs a chart sees all of it."""
    with pytest.raises(ChartRefused) as refused:
        chart(
            "a",
            "b",
            unit("p", Level.PROVINCE),
            edges=[edge("p", "b"), edge("p", "a"), edge("b", "p", "led_by"), edge("b", "b", "party")],
        )
    assert len(refused.value.faults) == 3


ALLOWED = {
    "parents on two lines": [edge("a", "b"), edge("a", "c", "party")],
    "one parent after the other": [edge("a", "b", to=day("2015-01-01")), edge("a", "c", since=day("2015-01-01"))],
    "two guides at a time": [edge("a", "b", "guided_by"), edge("a", "c", "guided_by")],
    "two supervisors at a time": [edge("a", "b", "supervised_by"), edge("a", "c", "supervised_by")],
    "turned round at a reform": [
        edge("a", "b", to=day("2015-01-01")),
        edge("b", "a", since=day("2015-01-01")),
    ],
}


@pytest.mark.parametrize("edges", ALLOWED.values(), ids=ALLOWED)
def test_chart_without_contradiction_is_taken(edges: list[Relation]) -> None:
    """What looks odd and is none."""
    assert chart("a", "b", "c", edges=edges).units


@pytest.fixture
def country() -> OrgChart:
    """A commune whose district ends on 30/6/2025, with both lines, organs, a media centre and mailboxes."""
    gone = D2025
    units = (
        unit("xa"),
        unit("dang_uy_xa"),
        unit("huyen", Level.DISTRICT, valid_to=gone),
        unit("huyen_uy", Level.DISTRICT, valid_to=gone),
        unit("trung_tam", Level.DISTRICT, valid_to=gone),
        unit("tinh", Level.PROVINCE),
        unit("tinh_uy", Level.PROVINCE),
        unit("thuong_truc", Level.PROVINCE, "thuong-truc"),
        unit("thuong_vu", Level.PROVINCE, "ban-thuong-vu"),
        unit("van_phong", Level.PROVINCE, "van-phong"),
        unit("phong", Level.DISTRICT, valid_to=gone),
    )
    edges = (
        edge("xa", "huyen", to=gone),
        edge("xa", "tinh", since=gone),
        edge("huyen", "tinh", to=gone),
        edge("trung_tam", "huyen", to=gone),
        edge("xa", "dang_uy_xa", "led_by"),
        edge("huyen", "huyen_uy", "led_by", to=gone),
        edge("tinh", "tinh_uy", "led_by"),
        edge("dang_uy_xa", "huyen_uy", "party", to=gone),
        edge("dang_uy_xa", "tinh_uy", "party", since=gone),
        edge("huyen_uy", "tinh_uy", "party", to=gone),
        *(edge(organ, "tinh_uy", "organ_of") for organ in ("thuong_truc", "thuong_vu", "van_phong")),
    )
    boxes = tuple(
        Mailbox(office, role, f"{office}.{role}@example.vn", "vi", since, to)
        for office, role, since, to in (
            ("xa", MailboxRole.HEAD, SINCE, None),
            ("xa", MailboxRole.REGISTRY, SINCE, D2025),
            ("xa", MailboxRole.WORKING, day("2020-01-01"), D2025),
            ("huyen", MailboxRole.REGISTRY, SINCE, None),
            ("tinh", MailboxRole.WORKING, SINCE, None),
        )
    )
    return chart(*units, edges=edges, mailboxes=boxes)


@pytest.mark.parametrize(
    ("who", "line", "n", "on", "superior"),
    [
        pytest.param("xa", "government", 1, D2015, "huyen", id="the commune's district in 2015"),
        pytest.param("xa", "government", 2, D2015, "tinh", id="and the province above it"),
        pytest.param("xa", "government", 1, D2025, "tinh", id="the province at once from 1/7/2025"),
        pytest.param("xa", "government", 2, D2025, None, id="and nobody above that here"),
        pytest.param("xa", "government", 1, day("2025-06-30"), "huyen", id="the district to its last day"),
        pytest.param("xa", "party", 1, D2015, "huyen_uy", id="party superior of a unit led by a committee"),
        pytest.param("xa", "party", 2, D2015, "tinh_uy", id="the second one continues from there"),
        pytest.param("dang_uy_xa", "party", 1, D2015, "huyen_uy", id="a committee's own party parent"),
        pytest.param(
            "trung_tam", "party", 1, D2015, "huyen_uy", id="a centre nobody leads: its district's committee"
        ),
        pytest.param("trung_tam", "party", 2, D2015, "tinh_uy", id="and that committee's parent"),
        pytest.param("phong", "party", 1, D2015, None, id="a unit outside every line"),
        pytest.param("xa", "council", 1, D2015, None, id="no edge on that line"),
    ],
)
def test_superior_on_a_day(country: OrgChart, who: str, line: str, n: int, on: date, superior: str | None) -> None:
    """The n-th body above on a line, as the chart stood that day (decision 8)."""
    assert country.superior(who, Line(line), n, on) == superior


def test_who_stands_above_the_issuer(country: OrgChart) -> None:
    """Parents on its line and the party parents of its committee; the committee itself is not (decision 9)."""
    assert country.above("huyen", D2015) == {"tinh", "tinh_uy"}
    assert not country.is_above("huyen_uy", "huyen", D2015)
    assert country.is_above("tinh", "huyen", D2015)
    assert country.is_above("thuong_truc", "huyen", D2015)
    assert not country.is_above("xa", "huyen", D2015)


def test_organ_reads_for_a_committee_without_a_mailbox(country: OrgChart) -> None:
    """The pack's organ, else its Thường trực; a committee with a mailbox reads itself (decision 31)."""
    assert country.reading_organ("tinh_uy", {}, D2015) == "thuong_truc"
    assert country.reading_organ("tinh_uy", {"tinh_uy": "van_phong"}, D2015) == "van_phong"
    assert country.reading_organ("tinh_uy", {"tinh_uy": "x.missing"}, D2015) == "thuong_truc"
    assert country.reading_organ("huyen_uy", {}, D2015) == "huyen_uy"
    assert country.reading_organ("tinh", {"tinh": "van_phong"}, D2015) == "tinh"
    assert country.body_of("van_phong", D2015) == "tinh_uy"
    assert country.body_of("tinh_uy", D2015) == "tinh_uy"


def test_standing_committee_reads_where_there_is_no_other_organ() -> None:
    """Without Thường trực, Ban Thường vụ; never the office of the committee by itself."""
    units = (unit("uy", Level.DISTRICT), unit("tv", Level.DISTRICT, "ban-thuong-vu"), unit("vp", Level.DISTRICT))
    edges = (edge("tv", "uy", "organ_of"), edge("vp", "uy", "organ_of"))
    assert chart(*units, edges=edges).reading_organ("uy", {}, D2015) == "tv"
    assert chart(units[0], units[2], edges=edges[1:]).reading_organ("uy", {}, D2015) == "uy"


@pytest.mark.parametrize(
    ("on", "role"),
    [
        (D2015, MailboxRole.REGISTRY),
        (day("2020-01-01"), MailboxRole.WORKING),
        (day("2025-06-30"), MailboxRole.WORKING),
        (D2025, MailboxRole.HEAD),
    ],
)
def test_one_mailbox_receives(country: OrgChart, on: date, role: MailboxRole) -> None:
    """The working desk's while it is valid, else the registry's, else the head's."""
    box = country.mailbox("xa", on)
    assert box is not None
    assert box.role is role


def test_without_a_mailbox_the_nearest_body_above_forwards(country: OrgChart) -> None:
    """No mailbox is not nobody: the nearest parent's, government line first (decision 32)."""
    forwarded = country.forwarding("trung_tam", D2015)
    assert forwarded is not None
    assert (forwarded[0], forwarded[1].address) == ("huyen", "huyen.registry@example.vn")
    assert country.forwarding("phong", D2015) is None


HEIRS = {
    "one to one is followed": ([("old", "b")], "b"),
    "one to one twice over": ([("old", "gone"), ("gone", "c")], "c"),
    "one to several waits for a person": ([("old", "b"), ("old", "c")], None),
    "several to one waits for a person": ([("old", "b"), ("gone", "b")], None),
    "nobody took over": ([], None),
}


@pytest.mark.parametrize(("entries", "heir"), HEIRS.values(), ids=HEIRS)
def test_heir_of_an_ended_unit(entries: list[tuple[str, str]], heir: str | None) -> None:
    """Followed only where it is one to one (decision 35)."""
    made = tuple(Succession(old, new, "all", D2025) for old, new in entries)
    units = (unit("old", valid_to=D2025), unit("gone", valid_to=D2025), "b", "c")
    assert chart(*units, successions=made).heir("old", D2025) == heir
    assert chart(*units, successions=made).heir("old", day("2025-06-30")) == "old"


def test_selection_is_by_kind_level_body_and_day(country: OrgChart) -> None:
    """All units of a kind and level inside a body, alive on that day, in order of id."""
    district = country.select(kind="ubnd", level=Level.DISTRICT, within="tinh", on=D2015)
    assert district == ("huyen", "trung_tam")
    assert country.select(kind="ubnd", level=Level.DISTRICT, within="tinh", on=D2025) == ()
    assert country.select(kind=None, level=Level.COMMUNE, within="huyen", on=D2015) == ("xa",)
    assert country.select(kind="thuong-truc", level=None, within=None, on=D2015) == ("thuong_truc",)
