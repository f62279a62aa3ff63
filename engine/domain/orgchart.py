"""Who stands above whom, on which line, on which day; and who reads letters for whom.

Relations are dated and typed; the line belongs to the edge, not to the unit (decision 8).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dondoc.engine.domain.model import Mailbox, Relation, Succession, Unit
from dondoc.engine.domain.orgchart_checks import contradictions
from dondoc.engine.domain.terms import Level, Line, MailboxRole, RelationKind
from dondoc.engine.errors import ChartRefused

READER_WORDS = ("responsible", "monitor", "issuer", "reports_to", "led_by")
_ORGANS_BY_CUSTOM = ("thuong-truc", "ban-thuong-vu")


@dataclass(frozen=True, slots=True)
class OrgChart:
    """Units, their dated relations, mailboxes and successions; none of them contradict each other.

    `confirmed` names, by ended body, the one that an office has confirmed as reader in its place. A unit without
    an end takes that of the body whose organ or staff it is.

    Raises `ChartRefused` with every fault: an unknown unit in an edge, a cycle, two parents on one line at a
    time, two overlapping edges of one kind, `led_by` across levels.
    """

    units: Mapping[str, Unit]
    relations: tuple[Relation, ...]
    mailboxes: tuple[Mailbox, ...] = ()
    successions: tuple[Succession, ...] = ()
    confirmed: Mapping[str, str] = field(default_factory=dict)
    _up: Mapping[tuple[str, RelationKind, Line | None], tuple[Relation, ...]] = field(init=False, repr=False)
    _down: Mapping[tuple[str, Line | None], tuple[Relation, ...]] = field(init=False, repr=False)
    _organs: Mapping[str, tuple[Relation, ...]] = field(init=False, repr=False)
    _boxes: Mapping[str, tuple[Mailbox, ...]] = field(init=False, repr=False)
    _heirs: Mapping[str, tuple[Succession, ...]] = field(init=False, repr=False)
    _origins: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    _kinds: Mapping[str, tuple[Unit, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", with_their_bodies(self.units, self.relations))
        up: dict[tuple[str, RelationKind, Line | None], list[Relation]] = defaultdict(list)
        down: dict[tuple[str, Line | None], list[Relation]] = defaultdict(list)
        organs: dict[str, list[Relation]] = defaultdict(list)
        for edge in sorted(self.relations, key=lambda edge: (edge.unit, edge.valid_from, edge.other)):
            up[edge.unit, edge.kind, edge.line].append(edge)
            if edge.kind is RelationKind.PARENT:
                down[edge.other, edge.line].append(edge)
            elif edge.kind is RelationKind.ORGAN_OF:
                organs[edge.other].append(edge)
        boxes: dict[str, list[Mailbox]] = defaultdict(list)
        for box in sorted(self.mailboxes, key=lambda box: (box.unit, box.valid_from, box.address)):
            boxes[box.unit].append(box)
        heirs: dict[str, list[Succession]] = defaultdict(list)
        origins: dict[str, list[str]] = defaultdict(list)
        for succession in sorted(self.successions, key=lambda entry: (entry.old, entry.new, entry.scope)):
            heirs[succession.old].append(succession)
            origins[succession.new].append(succession.old)
        kinds: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(self.units.values(), key=lambda unit: unit.id):
            kinds[unit.kind].append(unit)
        for name, index in (
            ("_up", up),
            ("_down", down),
            ("_organs", organs),
            ("_boxes", boxes),
            ("_heirs", heirs),
            ("_origins", origins),
            ("_kinds", kinds),
        ):
            object.__setattr__(self, name, {key: tuple(found) for key, found in index.items()})
        faults = tuple(self._faults())
        if faults:
            raise ChartRefused(faults)

    def _edge(self, unit: str, kind: RelationKind, line: Line | None, on: date) -> str | None:
        for edge in self._up.get((unit, kind, line), ()):
            if edge.valid(on) and self.units[edge.other].alive(on):
                return edge.other
        return None

    def parent(self, unit: str, line: Line, on: date) -> str | None:
        """The body directly above on that line, alive on that day."""
        return self._edge(unit, RelationKind.PARENT, line, on)

    def parents(self, unit: str, line: Line, on: date) -> Iterator[str]:
        """Every body above on that line, nearest first."""
        above = self.parent(unit, line, on)
        while above:
            yield above
            above = self.parent(above, line, on)

    def led_by(self, unit: str, on: date) -> str | None:
        """The party committee of the same level that leads the unit."""
        return self._edge(unit, RelationKind.LED_BY, None, on)

    def body_of(self, unit: str, on: date) -> str:
        """The body whose organ the unit is, else the unit itself."""
        return self._edge(unit, RelationKind.ORGAN_OF, None, on) or unit

    def superior(self, unit: str, line: Line, n: int, on: date) -> str | None:
        """The n-th body above `unit` on `line` (n from 1); None where there is none.

        The party superior of a unit outside the party line is the party parent of the committee that leads it;
        without such a committee, the committee that leads its nearest government ancestor (decision 8).
        """
        chain = list(self.parents(unit, line, on))
        # Who leads the unit counts only where it has no parent on the party line itself (decision 8).
        if not chain and line is Line.PARTY:
            chain = self._party_chain(unit, on)
        return chain[n - 1] if len(chain) >= n else None

    def _party_chain(self, unit: str, on: date) -> list[str]:
        committee = self.led_by(unit, on)
        if committee:
            return list(self.parents(committee, Line.PARTY, on))
        for ancestor in self.parents(unit, Line.GOVERNMENT, on):
            committee = self.led_by(ancestor, on)
            if committee:
                return [committee, *self.parents(committee, Line.PARTY, on)]
        return []

    def is_above(self, office: str, unit: str, on: date) -> bool:
        """Whether `office` is a superior of `unit` or serves a territory of a higher level."""
        levels = list(Level)
        higher = levels.index(self.units[office].level) < levels.index(self.units[unit].level)
        return higher or office in self.above(unit, on)

    def above(self, unit: str, on: date) -> frozenset[str]:
        """Every superior of `unit`: its parents on each line, and the party parents of the committee leading it.

        That committee itself is not above (decision 9).
        """
        found = {body for line in Line for body in self.parents(unit, line, on)}
        committee = self.led_by(unit, on)
        if committee:
            # The committee stands at the unit's own level, so the ceiling does not cut it off (decision 9).
            found.discard(committee)
            found.update(self.parents(committee, Line.PARTY, on))
        return frozenset(found)

    def within(self, unit: str, body: str, on: date) -> bool:
        """Whether `unit` is `body` or stands below it on any line."""
        return unit == body or any(body in self.parents(unit, line, on) for line in Line)

    def select(self, *, kind: str | None, level: Level | None, within: str | None, on: date) -> tuple[str, ...]:
        """The ids of all units of a kind and level inside a body, alive on that day, in order of id."""
        if within is not None:
            inside = (self.units[unit] for unit in self._inside(within, on))
            found = [unit for unit in inside if kind is None or unit.kind == kind]
        elif kind is not None:
            found = list(self._kinds.get(kind, ()))
        else:
            found = list(self.units.values())
        return tuple(
            sorted(unit.id for unit in found if unit.alive(on) and (level is None or unit.level is level))
        )

    def _inside(self, body: str, on: date) -> frozenset[str]:
        """`body` and every unit below it on any line, through bodies that are alive on that day."""
        if body not in self.units:
            return frozenset()
        inside = {body}
        for line in Line:
            reached = [body]
            while reached:
                above = reached.pop()
                if self.units[above].alive(on):
                    below = [edge.unit for edge in self._down.get((above, line), ()) if edge.valid(on)]
                    inside.update(below)
                    reached += below
        return frozenset(inside)

    def directly_below(self, unit: str, on: date) -> tuple[str, ...]:
        """The units whose parent is `unit` on any line, and its organs, alive on that day, in order of id."""
        edges = [edge for line in Line for edge in self._down.get((unit, line), ())]
        below = {edge.unit for edge in (*edges, *self._organs.get(unit, ())) if edge.valid(on)}
        return tuple(sorted(one for one in below if self.units[one].alive(on)))

    def mailbox(self, unit: str, on: date) -> Mailbox | None:
        """The mailbox at which an office receives: the working desk's, else the registry's, else the head's."""
        boxes = [box for box in self._boxes.get(unit, ()) if box.valid(on)]
        return min(boxes, key=lambda box: list(MailboxRole).index(box.role), default=None)

    def reading_organ(self, committee: str, read_by: Mapping[str, str], on: date) -> str:
        """Who reads for a committee without a mailbox: the pack's organ, else Thường trực, else Ban Thường vụ."""
        if self.mailbox(committee, on):
            return committee
        chosen = read_by.get(committee)
        if chosen and chosen in self.units and self.units[chosen].alive(on):
            return chosen
        organs = [edge.unit for edge in self._organs.get(committee, ()) if edge.valid(on)]
        for kind in _ORGANS_BY_CUSTOM:
            for organ in organs:
                if self.units[organ].kind == kind and self.units[organ].alive(on):
                    return organ
        return committee

    def forwarding(self, unit: str, on: date) -> tuple[str, Mailbox] | None:
        """The nearest body above that has a mailbox, government line first; None when nobody has."""
        for line in Line:
            for body in self.parents(unit, line, on):
                box = self.mailbox(body, on)
                if box:
                    return body, box
        return None

    def is_reachable(self, unit: str, on: date) -> bool:
        """Whether any mailbox takes a letter to an office on a day: its own, or one of a body above."""
        return self.mailbox(unit, on) is not None or self.forwarding(unit, on) is not None

    def heirs_of(self, unit: str, on: date) -> tuple[Succession, ...]:
        """The successions of a unit in effect on that day, to known units, in order of the new units."""
        return tuple(
            entry for entry in self._heirs.get(unit, ()) if entry.effective <= on and entry.new in self.units
        )

    def divided_origins(self, unit: str) -> tuple[str, ...]:
        """The units of its kind and level that it succeeded together with others of that kind and level.

        Nobody can say which part of their figures belongs to it (decision 25).
        """
        alike = {name for name, one in self.units.items() if self._kin(one) == self._kin(self.units[unit])}
        return tuple(
            old
            for old in dict.fromkeys(self._origins.get(unit, ()))
            if old in alike and {entry.new for entry in self._heirs[old]} & alike != {unit}
        )

    @staticmethod
    def _kin(unit: Unit) -> tuple[str, Level]:
        return unit.kind, unit.level

    def heir(self, unit: str, on: date) -> str | None:
        """The one body that reads in place of an ended one, the unit itself while it is alive; None: undecided.

        A one-to-one succession counts at once, any other only when an office has confirmed it (decision 35).
        """
        current = unit
        while not self.units[current].alive(on):
            confirmed = self.confirmed.get(current)
            if confirmed is not None and confirmed in self.units and self.units[confirmed].alive(on):
                return confirmed
            heirs = {entry.new for entry in self._heirs.get(current, ()) if entry.effective <= on}
            sources = {old for heir in heirs for old in self._origins[heir]}
            # Split or merged: only an office can say who reads now (decision 35).
            if len(heirs) != 1 or len(sources) != 1:
                return None
            current = heirs.pop()
            if current not in self.units:
                return None
        return current

    def _faults(self) -> Iterator[str]:
        unknown = [
            f"{edge.unit} → {edge.other} ({edge.kind}): đơn vị «{end}» không có trong danh sách (unknown unit)"
            for edge in self.relations
            for end in (edge.unit, edge.other)
            if end not in self.units
        ]
        yield from unknown
        if not unknown:
            levels = {unit: entry.level for unit, entry in self.units.items()}
            yield from (fault.line() for fault in contradictions(levels, self.relations))


_TIED = (RelationKind.ORGAN_OF, RelationKind.STAFF_OF)


def with_their_bodies(units: Mapping[str, Unit], relations: Iterable[Relation]) -> Mapping[str, Unit]:
    """The units, where one without an end takes that of the body whose organ or staff it is (decision 35).

    Only relations without an end and to known bodies count. With several such bodies the unit ends with the last
    of them, and not at all while one of them has no end.
    """
    bodies: dict[str, list[str]] = defaultdict(list)
    for edge in relations:
        if edge.kind in _TIED and edge.valid_to is None and edge.unit in units and edge.other in units:
            bodies[edge.unit].append(edge.other)
    ends = {name: _end(name, units, bodies, frozenset()) for name in bodies if units[name].valid_to is None}
    closed = {name: replace(units[name], valid_to=end) for name, end in ends.items() if end is not None}
    return {**units, **closed} if closed else units


def _end(
    name: str, units: Mapping[str, Unit], bodies: Mapping[str, list[str]], above: frozenset[str]
) -> date | None:
    """The first day without a unit; None: no end, also in a cycle of offices that are staff of each other."""
    if units[name].valid_to is not None or name not in bodies or name in above:
        return units[name].valid_to
    ends = [_end(body, units, bodies, above | {name}) for body in bodies[name]]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None
