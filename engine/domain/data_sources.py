"""The sources that data is pulled from each night, as values: where they are, and how long they may be silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import SheetKind, SourceKind


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a source may be silent: `number` hours, or working days when `in_workdays`."""

    number: int
    in_workdays: bool


@dataclass(frozen=True, slots=True)
class Address:
    """Where the address of a database stands, since it may hold a password: an environment variable or a file."""

    env: str | None
    file: str | None


@dataclass(frozen=True, slots=True)
class Queries:
    """A database that is asked one SELECT for each kind of sheet; one pull takes `timeout` seconds at most."""

    address: Address
    selects: Mapping[SheetKind, str]
    timeout: int


@dataclass(frozen=True, slots=True)
class DropFolder:
    """A folder that others put files into. `kind` and `encoding` are declared where the files do not say them."""

    path: str
    kind: SheetKind | None
    encoding: str | None


@dataclass(frozen=True, slots=True)
class DataSource:
    """One source. `brings` are the words it brings news of, None for every word of that sort.

    `numbers` says how numbers are written ("vi" or "en") where the data does not; `calendar` counts its working
    days, None for the first calendar of the rules. `place` is where it is written, as `file:line:column`.
    """

    id: str
    title: Text
    origin: Queries | DropFolder
    patience: Patience
    calendar: str | None
    numbers: str | None
    brings: Mapping[SourceKind, frozenset[str] | None]
    place: str


_NEWS: Mapping[SheetKind, SourceKind] = {
    SheetKind.SUBMISSIONS: SourceKind.REPORTS,
    SheetKind.ACTIVITIES: SourceKind.ACTIVITIES,
    SheetKind.READINGS: SourceKind.INDICATORS,
}


def news_of(origin: Queries | DropFolder) -> frozenset[SourceKind]:
    """What an origin can bring news of: what it selects, what its files are declared to hold, else everything."""
    if isinstance(origin, Queries):
        kinds = frozenset(origin.selects)
    else:
        kinds = frozenset(SheetKind) if origin.kind is None else frozenset({origin.kind})
    return frozenset(_NEWS[kind] for kind in kinds if kind in _NEWS)
