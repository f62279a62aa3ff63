"""The chart answers from indexes; here each answer is compared with its plain definition, on drawn charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from dondoc.engine.domain.model import Relation, Succession, Unit
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import Level, Line, RelationKind
from dondoc.engine.errors import ChartRefused
from tests.support.worlds import unit

_DAYS = tuple(date(2025, 6, 28) + timedelta(days=n) for n in range(6))
_IDS = tuple("abcde")
_days = st.sampled_from(_DAYS)
_kinds = st.sampled_from([RelationKind.PARENT, RelationKind.PARENT, RelationKind.LED_BY, RelationKind.GUIDED_BY])


@st.composite
def _units(draw: st.DrawFn) -> dict[str, Unit]:
    found = {}
    for name in _IDS:
        since, until = draw(_days), draw(st.none() | _days)
        drawn = unit(name, draw(st.sampled_from([Level.PROVINCE, Level.COMMUNE])))
        kind = draw(st.sampled_from(["ubnd", "cap-uy"]))
        found[name] = Unit(name, kind, drawn.level, drawn.names, since, until)
    return found


@st.composite
def _relations(draw: st.DrawFn) -> tuple[Relation, ...]:
    found = []
    for _ in range(draw(st.integers(0, 9))):
        kind = draw(_kinds)
        line = draw(st.sampled_from([Line.GOVERNMENT, Line.PARTY])) if kind is RelationKind.PARENT else None
        ends = draw(st.sampled_from(_IDS)), draw(st.sampled_from(_IDS))
        found.append(Relation(*ends, kind, line, draw(_days), draw(st.none() | _days)))
    return tuple(found)


_successions = st.lists(
    st.builds(Succession, st.sampled_from(_IDS), st.sampled_from(_IDS), st.just("all"), _days), max_size=8
).map(tuple)


def _plain_overlaps(ordered: Sequence[Relation]) -> Iterator[str]:
    """Of each unit, kind and line, an edge and the next one."""
    for name, kind, line in sorted({(edge.unit, edge.kind, edge.line) for edge in ordered}, key=str):
        edges = [edge for edge in ordered if (edge.unit, edge.kind, edge.line) == (name, kind, line)]
        where = f"{kind} {line}" if line else kind
        for one, other in pairwise(edges if kind is not RelationKind.GUIDED_BY else []):
            if one.valid_to is None or other.valid_from < one.valid_to:
                yield (
                    f"{name}: hai quan hệ {where} cùng lúc từ {other.valid_from:%d/%m/%Y}, "
                    f"tới {one.other} và {other.other} (two at a time)"
                )


def _plain_cycles(relations: Sequence[Relation]) -> Iterator[str]:
    """On every line every day on which something begins is looked at, with all edges of that day."""
    seen = set()
    for line, on in product(
        Line, sorted({edge.valid_from for edge in relations if edge.kind is RelationKind.PARENT})
    ):
        above = {edge.unit: edge.other for edge in relations if edge.line is line and edge.valid(on)}
        for start in above:
            path = [start]
            while path[-1] in above and above[path[-1]] not in path:
                path.append(above[path[-1]])
            ring = frozenset(path[path.index(above[path[-1]]) :]) if path[-1] in above else frozenset()
            if ring and ring not in seen:
                seen.add(ring)
                said = " → ".join(sorted(ring))
                yield f"vòng lặp cấp trên ({line}) ngày {on:%d/%m/%Y}: {said} (a cycle of parents)"


def _plain_faults(units: dict[str, Unit], relations: Sequence[Relation]) -> Iterator[str]:
    yield from _plain_overlaps(sorted(relations, key=lambda edge: (edge.unit, edge.valid_from, edge.other)))
    yield from _plain_cycles(relations)
    for edge in relations:
        one, other = units[edge.unit].level, units[edge.other].level
        if edge.kind is RelationKind.LED_BY and one is not other:
            yield f"{edge.unit} led_by {edge.other}: khác cấp ({one}, {other}; different levels)"


@given(_units(), _relations())
def test_same_contradictions_are_found_in_the_same_order(
    units: dict[str, Unit], relations: tuple[Relation, ...]
) -> None:
    """By looking only at what can contradict as by looking at every day.

    Of two edges at a time it is open which one a cycle would go along: where there are such, they come first.
    """
    try:
        OrgChart(units, relations)
        found: tuple[str, ...] = ()
    except ChartRefused as refused:
        found = refused.faults
    expected = tuple(_plain_faults(units, relations))
    overlaps = sum("two at a time" in fault for fault in expected)
    assert found[:overlaps] == expected[:overlaps]
    assert overlaps or found == expected


def _sound(units: dict[str, Unit], relations: tuple[Relation, ...], heirs: tuple[Succession, ...]) -> OrgChart:
    """The chart without the edges that would contradict one another."""
    kept: list[Relation] = []
    for edge in relations:
        try:
            OrgChart(units, (*kept, edge))
        except ChartRefused:
            continue
        kept.append(edge)
    return OrgChart(units, tuple(kept), successions=heirs)


@given(
    _units(),
    _relations(),
    st.none() | st.sampled_from(["ubnd", "cap-uy"]),
    st.none() | st.sampled_from([Level.PROVINCE, Level.COMMUNE]),
)
def test_selection_goes_down_to_those_from_whom_one_gets_up(
    units: dict[str, Unit], relations: tuple[Relation, ...], kind: str | None, level: Level | None
) -> None:
    """On any day, the units inside a body are those of which `within` says so, one by one."""
    chart = _sound(units, relations, ())
    for body, on in product([None, *_IDS, "nobody"], _DAYS):
        assert chart.select(kind=kind, level=level, within=body, on=on) == tuple(
            unit.id
            for unit in sorted(units.values(), key=lambda unit: unit.id)
            if unit.alive(on)
            and (kind is None or unit.kind == kind)
            and (level is None or unit.level is level)
            and (body is None or chart.within(unit.id, body, on))
        )


def _plain_heir(chart: OrgChart, name: str, on: date) -> str | None:
    """Every succession is looked at."""
    while not chart.units[name].alive(on):
        heirs = {entry.new for entry in chart.successions if entry.old == name and entry.effective <= on}
        sources = {entry.old for entry in chart.successions if entry.new in heirs}
        if len(heirs) != 1 or len(sources) != 1:
            return None
        name = heirs.pop()
    return name


@given(_units(), _successions)
def test_heir_is_the_one_of_the_plain_definition(
    units: dict[str, Unit], successions: tuple[Succession, ...]
) -> None:
    """On any day: one to one, step by step, whatever else took over from whom."""
    onward = tuple(entry for entry in successions if entry.old < entry.new)
    chart = OrgChart(units, (), successions=onward)
    for name, on in product(_IDS, _DAYS):
        assert chart.heir(name, on) == _plain_heir(chart, name, on)
