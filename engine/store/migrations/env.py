"""Runs migrations on the connection that `dondoc.engine.store.db.schema_version` passes in."""

from __future__ import annotations

from alembic import context

from dondoc.engine.store.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
