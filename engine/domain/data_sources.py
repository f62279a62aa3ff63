"""The data sources that every night pulls from, as values: where each is, and when it counts as stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import SheetKind, SourceKind


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a source may bring no rows before it is stale: `number` hours, or working days if `in_workdays`."""

    number: int
    in_workdays: bool


@dataclass(frozen=True, slots=True)
class Address:
    """Where to read a database's address, which may hold a password: an environment variable or a file."""

    env: str | None
    file: str | None


@dataclass(frozen=True, slots=True)
class Queries:
    """A database to pull from, with one SELECT for each kind of sheet; a pull takes `timeout` seconds at most."""

    address: Address
    selects: Mapping[SheetKind, str]
    timeout: int


# What a folder may bring that does not say it: what units did and were asked, never who they are and who hears.
FACTS = frozenset({SheetKind.TASKS, SheetKind.SUBMISSIONS, SheetKind.ACTIVITIES, SheetKind.READINGS})


@dataclass(frozen=True, slots=True)
class DropFolder:
    """A folder that others put files into. `kind` and `encoding` are given where the files do not show them.

    `kinds` are the kinds of data that it may bring, if it says so.
    """

    path: str
    kind: SheetKind | None
    encoding: str | None
    kinds: frozenset[SheetKind] | None = None

    @property
    def allowed(self) -> frozenset[SheetKind]:
        """The kinds of data that may come from here: those stated, else the kind declared, else facts only."""
        if self.kinds is not None:
            return self.kinds
        return FACTS if self.kind is None else frozenset({self.kind})


@dataclass(frozen=True, slots=True)
class DataSource:
    """One source of data. `brings` holds the reports, activities and indicators it brings (None: all of a kind).

    It brings them of the units that stand inside one of the bodies `within`, these included (empty: of all units).

    `numbers` says how numbers are written ("vi" or "en") where the data does not show it; `calendar` counts its
    working days (None: the first calendar of the rules). `place` is where it is defined, as `file:line:column`.
    """

    id: str
    title: Text
    origin: Queries | DropFolder
    patience: Patience
    calendar: str | None
    numbers: str | None
    brings: Mapping[SourceKind, frozenset[str] | None]
    place: str
    within: frozenset[str] = frozenset()


_NEWS: Mapping[SheetKind, SourceKind] = {
    SheetKind.SUBMISSIONS: SourceKind.REPORTS,
    SheetKind.ACTIVITIES: SourceKind.ACTIVITIES,
    SheetKind.READINGS: SourceKind.INDICATORS,
}


def news_of(origin: Queries | DropFolder) -> frozenset[SourceKind]:
    """The kinds of facts that an origin can bring: those it selects or is declared to hold, else all of them."""
    if isinstance(origin, Queries):
        kinds = frozenset(origin.selects)
    else:
        kinds = origin.allowed if origin.kind is None else frozenset({origin.kind})
    return frozenset(_NEWS[kind] for kind in kinds if kind in _NEWS)
