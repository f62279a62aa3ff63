"""Every table of the project, on the one `metadata`: none of these modules is imported without all the others.

Facts are never changed: a correction is a new row with the same `ref`, and the row before it gets the instant at
which it was superseded, so that any night can be judged again as it was known then. Dates of validity are
half-open, [valid_from, valid_to). Values of indicators are integers scaled by 10^7.
"""

from dondoc.engine.store.db.tables.acts import act, link_revocation
from dondoc.engine.store.db.tables.answers import answer
from dondoc.engine.store.db.tables.cases import case_before, case_file, is_live, night, notice
from dondoc.engine.store.db.tables.columns import Instant, metadata, words
from dondoc.engine.store.db.tables.demands import (
    inheritance,
    inheritance_heir,
    rule,
    task,
    task_bearer,
    task_before,
)
from dondoc.engine.store.db.tables.facts import activity, assignment, pull, reading, submission
from dondoc.engine.store.db.tables.letters import delivery_attempt, letter
from dondoc.engine.store.db.tables.log import event, log_entry
from dondoc.engine.store.db.tables.statistics import case_statistic
from dondoc.engine.store.db.tables.units import mailbox, relation, succession, unit, unit_name
from dondoc.engine.store.db.tables.waivers import waiver

__all__ = [
    "Instant",
    "act",
    "activity",
    "answer",
    "assignment",
    "case_before",
    "case_file",
    "case_statistic",
    "delivery_attempt",
    "event",
    "inheritance",
    "inheritance_heir",
    "is_live",
    "letter",
    "link_revocation",
    "log_entry",
    "mailbox",
    "metadata",
    "night",
    "notice",
    "pull",
    "reading",
    "relation",
    "rule",
    "submission",
    "succession",
    "task",
    "task_bearer",
    "task_before",
    "unit",
    "unit_name",
    "waiver",
    "words",
]
