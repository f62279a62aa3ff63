"""What a night asks of the large tables goes by an index on both databases: it does not grow with what is closed.

The statements are those of a real night and a real delivery, caught on their way to the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.story_stage import Stage

LARGE = frozenset(
    [
        "task",
        "submission",
        "activity",
        "reading",
        "assignment",
        "case_file",
        "notice",
        "letter",
        "event",
        "log_entry",
    ]
)
# Partial indexes hold what is open and nothing else, so that going through one is no scan of the table.
OPEN_ONLY = frozenset(
    ["ix_task_open", "ix_assignment_new", "ix_submission_waiting", "ix_case_live", "ix_notice_waived"]
)
# What has to look at every row, by words of its own, and why.
WHOLE_BY_NATURE = {
    "AS on_time": "the counts in superiors' letters: how many were ever on time",
    "SELECT case_file.code \nFROM case_file": "the last number of each directive's codes; an index alone is read",
    "GROUP BY letter.state": "how many letters stand where; an index alone is read",
    "ORDER BY log_entry.number DESC": "the last entry: one step from the end of the index",
}

Asked = list[tuple[str, Any]]


@contextmanager
def listening(engine: Engine) -> Iterator[Asked]:
    """Everything that is asked of the database inside."""
    asked: Asked = []

    def hear(_conn: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:  # noqa: FBT001
        if not many and statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked.append((statement, given))

    event.listen(engine, "before_cursor_execute", hear)
    yield asked
    event.remove(engine, "before_cursor_execute", hear)


def tables_of(statement: str) -> dict[str, str]:
    """By the name it goes by, each table of a statement."""
    words = r'\b(?:FROM|JOIN|UPDATE|,)\s+"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?'
    return {alias or table: table for table, alias in re.findall(words, statement)}


def scanned(conn: Connection, statement: str, given: Any) -> set[str]:
    """The large tables that would be gone through from end to end."""
    names = tables_of(statement)
    if conn.dialect.name == "postgresql":
        plan = "\n".join(row[0] for row in conn.exec_driver_sql(f"EXPLAIN {statement}", given))
        found = re.findall(r"Seq Scan on (\w+)", plan)
    else:
        plan = "\n".join(row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given))
        steps = re.findall(r"(?m)^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", plan)
        found = [names.get(table, table) for table, index in steps if index not in OPEN_ONLY]
    return LARGE & set(found)


def test_a_night_and_a_delivery_go_by_indexes(database: Engine, sink: Mailsink) -> None:
    """Each statement is explained; on PostgreSQL with scans forbidden, since small tables are rightly scanned."""
    stage = Stage.set(database, sink)
    stage.night("2015-04-20")
    with listening(database) as asked:
        stage.night("2015-04-25")
    whole: dict[str, set[str]] = {}
    with database.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET enable_seqscan = off")
        for statement, given in asked:
            if not any(words in statement for words in WHOLE_BY_NATURE):
                tables = scanned(conn, statement, given)
                if tables:
                    whole[statement] = tables
    assert whole == {}


@pytest.mark.parametrize(("words", "why"), WHOLE_BY_NATURE.items())
def test_what_is_allowed_is_still_asked(sqlite: Engine, sink: Mailsink, words: str, why: str) -> None:
    """An exception that no statement needs any more is taken out."""
    stage = Stage.set(sqlite, sink)
    with listening(sqlite) as asked:
        stage.night("2015-04-20")
    assert any(words in statement for statement, _ in asked), why
