"""What offices say of cases, and the links for it that were revoked: rows are added, and never changed."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.db.tables.cases import case_file
from dondoc.engine.store.db.tables.columns import Instant, Number, metadata, words
from dondoc.engine.store.db.tables.units import unit

act = Table(
    "act",
    metadata,
    Column("no", Number, primary_key=True),
    Column("case_id", ForeignKey(case_file.c.id), nullable=False),
    Column("kind", words(ActKind), nullable=False),
    Column("office_no", ForeignKey(unit.c.no), nullable=False),
    Column("door", words(Door), nullable=False),
    Column("said_on", Date, nullable=False),
    # The day that it promises, or the last day that it asks for or grants.
    Column("until", Date),
    Column("words", Text, nullable=False, server_default=""),
    Column("document", Text, nullable=False, server_default=""),
    # The number of the act that it takes back, confirms or decides on.
    Column("about", Integer),
    Column("recorded_at", Instant, nullable=False),
    # The day on which what is demanded was handed in.
    Column("done_on", Date),
    # The unit that it gives the matter to, and the day of its document.
    Column("to_no", ForeignKey(unit.c.no)),
    Column("dated", Date),
)
Index("ix_act_case", act.c.case_id)
Index("ix_act_recorded", act.c.recorded_at)

# The links by which an office may speak of a case hold no longer, if they stand in letters of a night up to
# `through`; a later letter brings another. Case and office as a link names them.
link_revocation = Table(
    "link_revocation",
    metadata,
    Column("no", Number, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("office", String(80), nullable=False),
    Column("through", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
Index("ix_link_revocation_code", link_revocation.c.code)
