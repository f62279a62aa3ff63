"""The first tables: the chart, the facts, tasks and cases, nights, and the outbox.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_night", ["night"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("envelope_from", sa.String(length=320), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        sa.Column("mime_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "ready",
                "leased",
                "dot",
                "sent",
                "unknown",
                "dead",
                "expired",
                "dropped",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("dot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("last_enhanced", sa.String(length=12), nullable=True),
        sa.Column("fallback_of", sa.String(length=32), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_letter_attempt")),
        sa.CheckConstraint("size > 0", name=op.f("ck_letter_size")),
        sa.ForeignKeyConstraint(["fallback_of"], ["letter.id"], name=op.f("fk_letter_fallback_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
        sa.UniqueConstraint("night", "office", "part", name=op.f("uq_letter_night_office_part")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_state", ["state", "next_at", "id"], unique=False)

    op.create_table(
        "night",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ok", "degraded", "held", name="nightstate", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("cutoff", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("telling", sa.Boolean(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("as_of", name=op.f("pk_night")),
    )
    op.create_table(
        "rule",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_rule")),
        sa.UniqueConstraint("id", name=op.f("uq_rule_id")),
    )
    op.create_table(
        "unit",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "central",
                "province",
                "district",
                "commune",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_unit")),
        sa.UniqueConstraint("id", name=op.f("uq_unit_id")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=80), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_activity_unit_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("ref", "recorded_at", name=op.f("uq_activity_ref_recorded_at")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_unit", ["unit_no", "activity", "done_on"], unique=False)

    op.create_table(
        "delivery_attempt",
        sa.Column("letter", sa.String(length=32), nullable=False),
        sa.Column("lease_token", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.String(length=12), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.id"], name=op.f("fk_delivery_attempt_letter")),
        sa.PrimaryKeyConstraint("letter", "lease_token", name=op.f("pk_delivery_attempt")),
    )
    op.create_table(
        "mailbox",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "working",
                "registry",
                "head",
                name="mailboxrole",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("languages", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_mailbox_unit_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("unit_no", "role", "valid_from", name=op.f("uq_mailbox_unit_no_role_valid_from")),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column(
            "period_kind",
            sa.Enum(
                "calendar-month",
                "calendar-quarter",
                "calendar-half",
                "calendar-year",
                "reporting-month",
                "reporting-quarter",
                "reporting-half",
                "reporting-year",
                "reading",
                name="periodkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("previous", sa.String(length=40), server_default="", nullable=False),
        sa.Column("last_year", sa.String(length=40), server_default="", nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_reading_unit_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("ref", "recorded_at", name=op.f("uq_reading_ref_recorded_at")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("ix_reading_indicator", ["indicator", "period_kind", "id"], unique=False)
        batch_op.create_index("ix_reading_unit", ["unit_no", "indicator", "period"], unique=False)

    op.create_table(
        "relation",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("other_no", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "parent",
                "led_by",
                "staff_of",
                "guided_by",
                "supervised_by",
                "organ_of",
                name="relationkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "line",
            sa.Enum(
                "government",
                "party",
                "front",
                "council",
                name="line",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["other_no"], ["unit.no"], name=op.f("fk_relation_other_no")),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_relation_unit_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            "unit_no",
            "other_no",
            "kind",
            "line",
            "valid_from",
            name=op.f("uq_relation_unit_no_other_no_kind_line_valid_from"),
        ),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=80), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("task_ref", sa.String(length=200), server_default="", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_submission_unit_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("ref", "recorded_at", name=op.f("uq_submission_ref_recorded_at")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_unit", ["unit_no", "report"], unique=False)

    op.create_table(
        "succession",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("old_no", sa.Integer(), nullable=False),
        sa.Column("new_no", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["new_no"], ["unit.no"], name=op.f("fk_succession_new_no")),
        sa.ForeignKeyConstraint(["old_no"], ["unit.no"], name=op.f("fk_succession_old_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_succession")),
        sa.UniqueConstraint(
            "old_no", "new_no", "scope", "effective", name=op.f("uq_succession_old_no_new_no_scope_effective")
        ),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_no", sa.Integer(), nullable=True),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "report",
                "assigned",
                "quota",
                "reading",
                "level",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("counts", sa.String(length=80), nullable=False),
        sa.Column("need", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "scope",
            sa.Enum("each", "any", "sum", name="scope", native_enum=False, create_constraint=True, length=30),
            server_default="each",
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("final_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("ended", sa.String(length=10), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("title_en", sa.Text(), server_default="", nullable=False),
        sa.Column("exclusive", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("issuer_no", sa.Integer(), nullable=True),
        sa.Column("monitor_no", sa.Integer(), nullable=True),
        sa.Column("reports_no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_no"], ["unit.no"], name=op.f("fk_task_issuer_no")),
        sa.ForeignKeyConstraint(["monitor_no"], ["unit.no"], name=op.f("fk_task_monitor_no")),
        sa.ForeignKeyConstraint(["reports_no"], ["unit.no"], name=op.f("fk_task_reports_no")),
        sa.ForeignKeyConstraint(["rule_no"], ["rule.no"], name=op.f("fk_task_rule_no")),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_task_unit_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("rule_no", "unit_no", "subject", name=op.f("uq_task_rule_no_unit_no_subject")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_open",
            ["id"],
            unique=False,
            postgresql_where=sa.text("finished_on IS NULL"),
            sqlite_where=sa.text("finished_on IS NULL"),
        )
        batch_op.create_index("ix_task_unit", ["unit_no", "kind", "counts"], unique=False)

    op.create_table(
        "unit_name",
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_unit_name_unit_no")),
        sa.PrimaryKeyConstraint("unit_no", "valid_from", name=op.f("pk_unit_name")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "exhausted",
                "waiting",
                "closed",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("breach", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "late",
                "withdrawn",
                "resumed",
                "cleared",
                "lapsed",
                "retired",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_told", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_case_file_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("code", name=op.f("uq_case_file_code")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_task", ["task_id"], unique=False)

    op.create_table(
        "task_bearer",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_bearer_task_id")),
        sa.ForeignKeyConstraint(["unit_no"], ["unit.no"], name=op.f("fk_task_bearer_unit_no")),
        sa.PrimaryKeyConstraint("task_id", "unit_no", name=op.f("pk_task_bearer")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=32), nullable=False),
        sa.Column("reader_no", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "new",
                "worse",
                "still",
                "resolved",
                "ending",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("reminder", sa.Integer(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("untold_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["reader_no"], ["unit.no"], name=op.f("fk_notice_reader_no")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_notice_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_case", ["case_id", "reader_no"], unique=False)
        batch_op.create_index("ix_notice_letter", ["letter"], unique=False)
        batch_op.create_index("ix_notice_task", ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_task")
        batch_op.drop_index("ix_notice_letter")
        batch_op.drop_index("ix_notice_case")

    op.drop_table("notice")
    op.drop_table("task_bearer")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_task")

    op.drop_table("case_file")
    op.drop_table("unit_name")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_unit")
        batch_op.drop_index(
            "ix_task_open",
            postgresql_where=sa.text("finished_on IS NULL"),
            sqlite_where=sa.text("finished_on IS NULL"),
        )

    op.drop_table("task")
    op.drop_table("succession")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_unit")

    op.drop_table("submission")
    op.drop_table("relation")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_unit")
        batch_op.drop_index("ix_reading_indicator")

    op.drop_table("reading")
    op.drop_table("mailbox")
    op.drop_table("delivery_attempt")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_unit")

    op.drop_table("activity")
    op.drop_table("unit")
    op.drop_table("rule")
    op.drop_table("night")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_state")

    op.drop_table("letter")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_night")

    op.drop_table("event")
