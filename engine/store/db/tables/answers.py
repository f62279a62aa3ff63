"""What offices answered by mail: what was understood of it and what became of it, and never the mail itself.

Offices, cases and letters stand by their own ids, so that a case can be folded and a letter forgotten beside them.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from dondoc.engine.domain.answers import AnswerState
from dondoc.engine.store.db.tables.columns import Instant, Number, metadata, words

answer = Table(
    "answer",
    metadata,
    Column("no", Number, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("office", String(80), nullable=False),
    Column("case_code", String(40), nullable=False),
    Column("letter", String(32), nullable=False),
    Column("said_on", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", words(AnswerState), nullable=False),
    Column("why", String(40), nullable=False),
    Column("meaning", String(40), nullable=False),
    Column("until", Date),
    Column("document", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("about", Integer),
    Column("done_on", Date),
    # Emptied as soon as a person has decided.
    Column("text", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("act_no", Integer),
    Column("receipt", String(32), nullable=False),
    Column("decided_at", Instant),
)
Index("ix_answer_office", answer.c.office, answer.c.received_at)
Index("ix_answer_state", answer.c.state)
Index("ix_answer_receipt", answer.c.receipt)
