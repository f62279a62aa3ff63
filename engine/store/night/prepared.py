"""One night as a value: what is judged, up to which instant, by which rules, on which chart, under which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.store.night.findings import Names


@dataclass(frozen=True, slots=True)
class Night:
    """One night to judge: its date, the instant up to which data counts, and whether it notifies.

    `baseline` opens cases and notifies nobody (decision 39). `skipped` counts the missed nights before it that are
    not caught up (decision 28). `previous` is the night before it, which made every demand that it knew of (None:
    the rules, units and demands count as always known, as in a simulation). `again`: it is judged again, in a copy
    where every limit stands as it left it.
    """

    as_of: date
    cutoff: datetime
    notifying: bool = True
    baseline: bool = False
    skipped: int = 0
    previous: date | None = None
    again: bool = False

    def knowing(self, instant: datetime) -> date:
        """The first night that knew what was recorded at an instant, whether or not that night was judged.

        A night's cut-off comes at the hour of this one's; nothing is known later than on this night.
        """
        hour = self.cutoff.astimezone(ZONE).replace(tzinfo=None) - datetime.combine(
            self.as_of, datetime.min.time()
        )
        moment = instant.astimezone(ZONE).replace(tzinfo=None) - hour
        first = moment.date() if moment.time() == datetime.min.time() else moment.date() + timedelta(days=1)
        return min(first, self.as_of)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A night that can be judged: its tasks are made and its submissions settled in the store.

    `plan` says which night it is; `chart` is the one known at the cut-off, `shapes` are those of the rules in
    force, `names` translate the numbers of rows.
    """

    plan: Night
    book: RuleBook
    chart: OrgChart
    shapes: tuple[Shape, ...]
    names: Names
    inheritances: Inheritances

    @property
    def as_of(self) -> date:
        """The night's date."""
        return self.plan.as_of

    @property
    def cutoff(self) -> datetime:
        """The instant up to which data counts."""
        return self.plan.cutoff

    @property
    def rules(self) -> Mapping[str, int]:
        """The store's number of each rule."""
        return {rule: no for no, rule in self.names.rules.items()}
