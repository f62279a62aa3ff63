"""The log has a digest of every row that says who hears, what was found, and who was told: as they stand now.

How these rows came to be so, and what changed in them before, it cannot show.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

from dondoc.engine.store.audit_log.covered_rows import COVERED, found
from dondoc.engine.store.audit_log.events import AuditedTransaction, seal

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The columns of this revision: a later one may add some.
_COLUMNS = {
    "unit": "no id kind level valid_from valid_to recorded_at",
    "unit_name": "unit_no name name_en short valid_from valid_to recorded_at",
    "relation": "no unit_no other_no kind line valid_from valid_to basis recorded_at",
    "mailbox": "no unit_no role address languages valid_from valid_to recorded_at",
    "succession": "no old_no new_no scope effective basis recorded_at",
    "inheritance": "no unit_no rule_no subject scope basis by_no recorded_at superseded_at",
    "inheritance_heir": "inheritance_no unit_no",
    "night": "as_of state cutoff rules_sha256 telling baseline summary",
    "case_file": "id code task_id round status breach opened_on reached floor value outcome closed_on closing_told "
    "next_on waived_until last_day steps_from asked ladder",
    "notice": "id night letter reader_no task_id case_id round section step reminder waived_until value untold_on",
}


def upgrade() -> None:
    tx = AuditedTransaction(op.get_bind())
    for name, columns in _COLUMNS.items():
        tx.log(None, found(tx.conn, COVERED[name], columns.split()))
    seal(tx.conn, tx.events)


def downgrade() -> None:
    """Leaves what the log says: it is never changed, and an earlier version reads past it."""
