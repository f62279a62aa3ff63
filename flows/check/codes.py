"""Codes of the database that no rule reads, and codes of rules that no row ever had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.kinds import kind_of
from dondoc.engine.kinds.codes import known_codes, unknown_code
from dondoc.engine.lint.context import note
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake.stored_codes import stored_codes
from dondoc.notifications.wording.numbers import counted

_NAMED = 5


def of_unknown_codes(conn: Connection, book: RuleBook, folder: str, now: datetime) -> Iterator[Problem]:
    """A note for each code that no rule reads, and one for all rules whose code no row has; `folder` is theirs."""
    known, stored = known_codes(book), stored_codes(conn, now)
    for sheet, codes in stored.items():
        for code, n in codes.items():
            if code not in known[sheet]:
                said, rows = unknown_code(sheet, code, known[sheet]), counted(n, "dòng", "row")
                yield note(
                    f"{folder}/indicators.yaml:1:1",
                    "code-of-no-rule",
                    f"{said.vi} ({rows.vi} {sheet}); các dòng này không tính cho việc nào",
                    f"{said.en} ({rows.en} of {sheet}): these rows count for nothing",
                )
    without = {
        rule.id: rule.place
        for rule in book.rules.values()
        if any(code not in stored[sheet] for sheet, code in kind_of(rule.condition).reads(rule.condition))
    }
    # Before the first facts come every rule is without them, and nobody has to be told.
    if without and any(stored.values()):
        names = ", ".join(list(without)[:_NAMED]) + (" …" if len(without) > _NAMED else "")
        yield note(
            next(iter(without.values())),
            "rule-without-rows",
            f"{counted(len(without), 'quy tắc', 'rule').vi} dùng mã mà chưa dòng dữ liệu nào có: {names}",
            f"rules whose code no row of data ever had: {len(without)}",
        )
