"""Nobody is told by a letter that did not leave: what such letters said, in versions before, counts as told no more.

Since 0054 the notices of a letter that ends without having left are retracted at once, those of refused letters too.
Here those of earlier versions are, from the day after the latest night on: readers of cases that are open hear of
them again. Good news of cases that are closed is not told anew.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from dondoc.engine.store.audit_log.covered_rows import COVERED, digests, log_written
from dondoc.engine.store.audit_log.events import AuditedTransaction, seal

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_NEVER_LEFT = ("dead", "expired", "dropped")
# The columns of this revision: a later one may add some.
_COLUMNS = [
    "id",
    "night",
    "letter",
    "reader_no",
    "task_id",
    "case_id",
    "round",
    "section",
    "step",
    "reminder",
    "waived_until",
    "value",
    "untold_on",
]
_letter = sa.table("letter", sa.column("id"), sa.column("state"), sa.column("fallback_of"))
_notice = sa.table("notice", sa.column("id"), sa.column("letter"), sa.column("untold_on", sa.Date()))
_night = sa.table("night", sa.column("as_of", sa.Date()))


def upgrade() -> None:
    tx = AuditedTransaction(op.get_bind())
    latest = tx.conn.scalar(sa.select(sa.func.max(_night.c.as_of)))
    gone = sorted(tx.conn.scalars(_told_by_nothing())) if latest is not None else []
    for place in range(0, len(gone), _AT_ONCE):
        some = gone[place : place + _AT_ONCE]
        table = COVERED["notice"]
        mine = table.c.letter.in_(some)
        before = digests(tx.conn, table, mine, _COLUMNS)
        standing = _notice.c.letter.in_(some) & _notice.c.untold_on.is_(None)
        tx.conn.execute(sa.update(_notice).where(standing).values(untold_on=latest + timedelta(days=1)))
        log_written(tx, None, table, before, digests(tx.conn, table, mine, _COLUMNS), _COLUMNS)
    seal(tx.conn, tx.events)


def downgrade() -> None:
    """Leaves the notices retracted: an earlier version notifies these readers again as well."""


def _told_by_nothing() -> sa.Select[tuple[str]]:
    """The letters with notices that stand, of which neither they nor a fallback has left or still can."""
    ended = _letter.c.state.in_(_NEVER_LEFT)
    told = sa.exists().where(_notice.c.letter == _letter.c.id, _notice.c.untold_on.is_(None))
    first = sa.select(_letter.c.id.label("first"), _letter.c.id.label("id"), _letter.c.state.label("state"))
    tree = first.where(ended, told).cte("tree", recursive=True)
    again = _letter.alias("again")
    tree = tree.union_all(
        sa.select(tree.c.first, again.c.id, again.c.state).join(tree, again.c.fallback_of == tree.c.id)
    )
    alive = sa.select(tree.c.first).where(tree.c.state.not_in(_NEVER_LEFT))
    return sa.select(tree.c.first.distinct()).where(tree.c.first.not_in(alive))
