"""`when:` of a rule: exactly one of the kinds, as its module describes it; and the same in a register entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Condition, Derived, Overdue, Quota, Threshold
from dondoc.engine.rulefile.kinds.derived import WRITTEN_DERIVED, written_derived
from dondoc.engine.rulefile.kinds.overdue import WRITTEN_OVERDUE
from dondoc.engine.rulefile.kinds.quota import WRITTEN_QUOTA
from dondoc.engine.rulefile.kinds.threshold import WRITTEN_THRESHOLD
from dondoc.engine.rulefile.kinds.written import WrittenKind
from dondoc.engine.rulefile.problems import Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed

_KINDS = (WRITTEN_OVERDUE, WRITTEN_QUOTA, WRITTEN_THRESHOLD, *WRITTEN_DERIVED)


def written(condition: Condition) -> WrittenKind:
    """How the kind of a condition is written."""
    if isinstance(condition, Derived):
        return written_derived(condition)
    match condition:
        case Overdue():
            return WRITTEN_OVERDUE
        case Quota():
            return WRITTEN_QUOTA
        case Threshold():
            return WRITTEN_THRESHOLD
        case _:
            assert_never(condition)


def _only(got: Parsed) -> Any:
    for kind in _KINDS:
        if got.has(kind.key):
            return got[kind.key]
    raise Unread


def _when(*fields: Field) -> MappingReader:
    return MappingReader(Text("«when»", "'when'"), fields, _only, exactly_one=(tuple(one.name for one in fields),))


# The keys of the kinds whose rules need not name the units that they apply to.
FOLLOWING = tuple(kind.key for kind in _KINDS if kind.follows)
WHEN = _when(*(kind.field for kind in _KINDS))
# In a register entry, where the parameter of a rule may wait to be set.
SET_WHEN = _when(*(replace(kind.field, reader=kind.set_reader) for kind in _KINDS if kind.set_reader is not None))
