"""A night and its delivery whose PostgreSQL backend is terminated at the n-th statement or commit, for every n."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event, make_url

from dondoc.engine.store.db.database import connect
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.faults.seen import Seen, deliveries, judge, nights
from tests.support.story_stage import Stage
from tests.torture.databases import postgres_copies

MOMENTS = ("statement", "before commit", "after commit")
_numbers = itertools.count()


def with_terminated_backends(work: str, moment: str, server: str, folder: Path, *, every: int = 1) -> Seen:
    """Runs `work` ("night" or "delivery"); its backend goes away at each `moment` in turn.

    "after commit" is the cruel one: the server has committed, and its client never hears of it.
    """
    prefix = f"fault_{next(_numbers)}"
    imported = postgres_copies(server, prefix)
    judged = imported(folder)
    with Mailsink(folder / "template") as sink:
        engine = connect(judged)
        judge(Stage(engine, sink))
        engine.dispose()

    def after_the_night() -> Engine:
        name = f"{prefix}_judged_{next(_numbers)}"
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(judged).database}"')
        return connect(server.replace("/postgres?", f"/{name}?"))

    def fails(engine: Engine, n: int, run: Callable[[], object]) -> bool:
        axe = _Axe(server, n)
        axe.laid(engine, moment)
        run()
        axe.left = -1
        return axe.fell

    if work == "night":
        return nights(lambda: connect(imported(folder)), fails, folder / "mails", every=every)
    return deliveries(after_the_night, fails, folder / "mails", every=every)


class _Axe:
    """Terminates the backend of whoever reaches the n-th moment."""

    def __init__(self, server: str, n: int) -> None:
        self.server, self.left, self.fell = server, n, False

    def laid(self, engine: Engine, moment: str) -> None:
        """Waits at that moment of this engine."""
        if moment == "statement":
            event.listen(engine, "before_cursor_execute", lambda conn, *_: self._hit(conn.connection))
        elif moment == "before commit":
            event.listen(engine, "commit", lambda conn: self._hit(conn.connection))
        else:
            commit = engine.dialect.do_commit

            def committed(raw: Any) -> None:
                commit(raw)
                if self._hit(raw):
                    raw.cursor().execute("SELECT 1")

            engine.dialect.do_commit = committed  # type: ignore[method-assign]

    def _hit(self, raw: Any) -> bool:
        self.left -= 1
        if self.left != 0:
            return False
        self.fell = True
        with psycopg.connect(self.server, autocommit=True) as conn:
            conn.execute("SELECT pg_terminate_backend(%s, 5000)", (raw.driver_connection.info.backend_pid,))
        return True
