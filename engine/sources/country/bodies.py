"""The standard bodies of each territory, and their superiors on four lines.

The `basis` of a relation says so where no document at hand states it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.terms import Level, Line, RelationKind
from dondoc.engine.sources.country import ids, names
from dondoc.engine.sources.country.atlas import Atlas, Territory
from dondoc.engine.sources.country.names import BodyName

_INFERRED = "Suy ra; chưa kiểm chứng"
_COUNCILS = "Suy ra: HĐND cấp trên giám sát, hướng dẫn HĐND cấp dưới; chưa kiểm chứng"
_FRONTS = "Suy ra: MTTQ cấp trên hướng dẫn MTTQ cấp dưới; chưa kiểm chứng"
_CHILDREN = "Suy ra: hướng dẫn chuyên môn về công tác trẻ em; chưa kiểm chứng"

CENTRAL_COMMITTEE, GOVERNMENT = "tw.trung_uong", "tw.chinh_phu"
HEALTH, COMMISSION = "tw.bo_y_te", "tw.ban_tuyen_giao_dan_van"


@dataclass(frozen=True, slots=True)
class Life:
    """The first and the last day of a body, both inclusive; `last` None: no end."""

    first: date
    last: date | None = None


# 2010 only means "existed before": no list gives the first day of the old bodies.
FORMERLY = Life(date(2010, 1, 1), date(2025, 6, 30))
NOWADAYS = Life(date(2025, 7, 1))
_STANDING = Life(date(2010, 1, 1))
_MERGED = Life(date(2025, 2, 3))


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation up to another body; a `parent` has a line."""

    other: str
    kind: RelationKind
    line: Line | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """One body: its id, its kind and level, its name, its life, and its relations."""

    id: str
    kind: str
    level: Level
    called: BodyName
    life: Life
    edges: tuple[Edge, ...] = ()


def _parent(other: str, line: Line, basis: str = "") -> Edge:
    return Edge(other, RelationKind.PARENT, line, basis)


def _led_by(other: str) -> Edge:
    return Edge(other, RelationKind.LED_BY)


def _staff_of(other: str, line: Line, basis: str = "") -> tuple[Edge, Edge]:
    """The relations of a staff body to the body it works for, which is also its parent."""
    return _parent(other, line, basis), Edge(other, RelationKind.STAFF_OF, basis=basis)


def bodies(atlas: Atlas) -> Iterator[Body]:
    """Every body of the country, each after its superiors."""
    yield from _central()
    for place in atlas.provinces:
        yield from _province(place)
    for place in atlas.communes:
        yield from _commune(place)
    old = {place.code: place for place in (*atlas.old_provinces, *atlas.old_districts)}
    for place in (*atlas.old_provinces, *atlas.old_districts, *atlas.old_communes):
        yield from _former(place, old)


def _central() -> Iterator[Body]:
    top = Level.CENTRAL
    name = BodyName("Ban Chấp hành Trung ương Đảng", "Party Central Committee", "Trung ương")
    yield Body(CENTRAL_COMMITTEE, "cap-uy", top, name, _STANDING)
    name = BodyName("Chính phủ", "Government", "Chính phủ")
    yield Body(GOVERNMENT, "chinh-phu", top, name, _STANDING, (_led_by(CENTRAL_COMMITTEE),))
    name = BodyName("Bộ Y tế", "Ministry of Health", "Bộ Y tế")
    yield Body(HEALTH, "bo", top, name, _STANDING, (_parent(GOVERNMENT, Line.GOVERNMENT),))
    name = BodyName(
        "Ban Tuyên giáo và Dân vận Trung ương",
        "Central Commission for Information, Education and Mass Mobilisation",
        "Ban TG và DV TW",
    )
    yield Body(COMMISSION, "ban-tham-muu", top, name, _MERGED, _staff_of(CENTRAL_COMMITTEE, Line.PARTY))


def _province(place: Territory) -> Iterator[Body]:
    committee, government = ids.present(place.code, "tinh_uy"), ids.present(place.code, "ubnd")
    council, level, life = ids.present(place.code, "hdnd"), Level.PROVINCE, NOWADAYS
    edges: tuple[Edge, ...] = (_parent(CENTRAL_COMMITTEE, Line.PARTY),)
    yield Body(committee, "cap-uy", level, names.party(place), life, edges)
    yield Body(council, "hdnd", level, names.council(place), life, (_led_by(committee),))
    edges = (_parent(GOVERNMENT, Line.GOVERNMENT), _led_by(committee), Edge(council, RelationKind.SUPERVISED_BY))
    yield Body(government, "ubnd", level, names.government(place), life, edges)
    front = ids.present(place.code, "mttq")
    yield Body(front, "mttq", level, names.front(place), life, (_led_by(committee),))
    edges = (
        *_staff_of(committee, Line.PARTY, _INFERRED),
        Edge(COMMISSION, RelationKind.GUIDED_BY, basis=_INFERRED),
    )
    commission = ids.present(place.code, "ban_tuyen_giao_dan_van")
    yield Body(commission, "ban-tham-muu", level, names.commission(place), life, edges)
    edges = (*_staff_of(government, Line.GOVERNMENT), Edge(HEALTH, RelationKind.GUIDED_BY))
    yield Body(ids.present(place.code, "so_y_te"), "so", level, names.health(place), life, edges)


def _commune(place: Territory) -> Iterator[Body]:
    province = place.above or ""
    committee, government = ids.present(place.code, "dang_uy"), ids.present(place.code, "ubnd")
    council, level, life = ids.present(place.code, "hdnd"), Level.COMMUNE, NOWADAYS
    edges: tuple[Edge, ...] = (_parent(ids.present(province, "tinh_uy"), Line.PARTY),)
    yield Body(committee, "cap-uy", level, names.party(place), life, edges)
    edges = (_led_by(committee), _parent(ids.present(province, "hdnd"), Line.COUNCIL, _COUNCILS))
    yield Body(council, "hdnd", level, names.council(place), life, edges)
    edges = (
        _parent(ids.present(province, "ubnd"), Line.GOVERNMENT),
        _led_by(committee),
        Edge(council, RelationKind.SUPERVISED_BY),
    )
    yield Body(government, "ubnd", level, names.government(place), life, edges)
    edges = (_led_by(committee), _parent(ids.present(province, "mttq"), Line.FRONT, _FRONTS))
    yield Body(ids.present(place.code, "mttq"), "mttq", level, names.front(place), life, edges)
    edges = (
        *_staff_of(government, Line.GOVERNMENT),
        Edge(ids.present(province, "so_y_te"), RelationKind.GUIDED_BY, basis=_CHILDREN),
    )
    yield Body(ids.present(place.code, "phong_vhxh"), "phong", level, names.society(place), life, edges)


def _former(place: Territory, old: Mapping[str, Territory]) -> Iterator[Body]:
    """The party committee and the people's committee of a territory as they were until 30 June 2025."""
    above = old[place.above] if place.above else None
    committee, life = ids.committee(place), FORMERLY
    higher = ids.committee(above) if above else CENTRAL_COMMITTEE
    yield Body(committee, "cap-uy", place.level, names.party(place), life, (_parent(higher, Line.PARTY),))
    higher = ids.government(above) if above else GOVERNMENT
    edges = (_parent(higher, Line.GOVERNMENT), _led_by(committee))
    yield Body(ids.government(place), "ubnd", place.level, names.government(place), life, edges)
