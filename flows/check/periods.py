"""Facts of the database that no rule uses, because they come by another kind of period than it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import note
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake.named_demands import kinds_asked, waiting_for_other_periods
from dondoc.engine.store.night.findings import threshold_of
from dondoc.engine.store.night.other_periods import unused
from dondoc.notifications.wording.labels import PERIODS, figures_by
from dondoc.notifications.wording.numbers import counted, listed

_NAMED = 5


def of_other_periods(conn: Connection, book: RuleBook, now: datetime) -> Iterator[Problem]:
    """A note for each rule: figures, and reports that name their period, by periods that it does not ask for."""
    for rule, units in unused(conn, book, now).items():
        if units:
            found = Counter[PeriodKind]()
            for one in units.values():
                found.update(one)
            there, per = figures_by(found), PERIODS[threshold_of(book, rule).per]
            of = counted(len(units), "đơn vị", "unit")
            yield note(
                book.rules[rule].place,
                "figures-of-other-periods",
                f"có {there.vi} của {of.vi}, quy tắc hỏi theo {per.vi}, nên các số liệu này chưa được xét: "
                f"{_some(list(units))}",
                f"there are {there.en} of {of.en}, but the rule asks by {per.en}: they are not judged",
            )
    asked = kinds_asked(book)
    waiting = waiting_for_other_periods(conn, {one: kinds for one, (kinds, _) in asked.items()}, now)
    for report, names in waiting.items():
        kinds, place = asked[report]
        by = listed([PERIODS[kind] for kind in sorted(kinds)]) if kinds else Text("ngày", "day")
        n = counted(len(names), "báo cáo", "report")
        yield note(
            place,
            "reports-of-other-periods",
            f"{n.vi} «{report}» ghi kỳ không phải theo {by.vi} như quy tắc hỏi, nên không tính cho việc nào: "
            f"{_some(sorted(set(names)))}",
            f"{n.en} {report!r} name a period but the rule asks by {by.en}, so they settle nothing",
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
