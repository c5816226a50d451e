"""First tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from webapp.migrations.append_only import protect

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("device_id", sa.Uuid()),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index(op.f("ix_access_log_at"), "access_log", ["at"])
    op.create_index(op.f("ix_access_log_patient_id"), "access_log", ["patient_id"])

    op.create_table(
        "feed_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "feed_row",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_feed_row")),
    )
    op.create_index(op.f("ix_feed_row_unit_id"), "feed_row", ["unit_id"])

    op.create_table(
        "municipality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("installation", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
    )
    op.create_table(
        "receipt",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_receipt")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("hpr", sa.String(length=9)),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=2)),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("last_contact", INSTANT),
        sa.Column("reported", JSON, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(["enrolled_by"], ["user_account.id"], name=op.f("fk_device_enrolled_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_device_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_index(op.f("ix_device_unit_id"), "device", ["unit_id"])

    op.create_table(
        "membership",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("user_id", "unit_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("national_id", sa.String(length=11)),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("key_note", sa.String(length=200), nullable=False),
        sa.Column("fall_group_set", sa.Boolean(), nullable=False),
        sa.Column("end_of_life", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_patient_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("national_id", name=op.f("uq_patient_national_id")),
    )
    op.create_index(op.f("ix_patient_name_key"), "patient", ["name_key"])
    op.create_index(op.f("ix_patient_unit_id"), "patient", ["unit_id"])

    op.create_table(
        "setting",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("made_by", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_setting_made_by")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_setting")),
    )
    op.create_table(
        "device_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_session_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_device_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_session_token_hash")),
    )
    op.create_index(op.f("ix_device_session_device_id"), "device_session", ["device_id"])
    op.create_index(op.f("ix_device_session_user_id"), "device_session", ["user_id"])

    op.create_table(
        "episode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date()),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_episode_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(op.f("ix_episode_patient_id"), "episode", ["patient_id"])

    op.create_table(
        "flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("bundle_id", sa.String(length=40), nullable=False),
        sa.Column("bundle_version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("list", JSON, nullable=False),
        sa.Column("n", sa.Integer()),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("due_on", sa.Date()),
        sa.Column("not_found_last", sa.Boolean(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_flag_owner_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_flag_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_flag_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    op.create_index(op.f("ix_flag_patient_id"), "flag", ["patient_id"])
    op.create_index("ix_flag_unit_open", "flag", ["unit_id", "severity", "opened_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("uq_flag_open", "flag", ["patient_id", "code", "subject"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

    op.create_table(
        "quarantine",
        sa.Column("envelope_hash", sa.String(length=64), nullable=False),
        sa.Column("claimed_id", sa.Uuid()),
        sa.Column("device_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decision", sa.String(length=20)),
        sa.Column("decision_reason", sa.String(length=500)),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name=op.f("fk_quarantine_decided_by")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_quarantine_device_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quarantine_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_quarantine_user_id")),
        sa.PrimaryKeyConstraint("envelope_hash", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_claimed_id"), "quarantine", ["claimed_id"])
    op.create_index(op.f("ix_quarantine_unit_id"), "quarantine", ["unit_id"])

    op.create_table(
        "server_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("bundle_id", sa.String(length=40), nullable=False),
        sa.Column("bundle_version", sa.Integer(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_server_draft_patient_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_server_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_draft")),
    )
    op.create_index(op.f("ix_server_draft_user_id"), "server_draft", ["user_id"])

    op.create_table(
        "trigger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source_check_id", sa.Uuid()),
        sa.Column("entered_by", sa.Uuid()),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name=op.f("fk_trigger_entered_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_trigger_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger")),
    )
    op.create_index(op.f("ix_trigger_patient_id"), "trigger", ["patient_id"])
    op.create_index(op.f("ix_trigger_source_check_id"), "trigger", ["source_check_id"])

    op.create_table(
        "user_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_at", INSTANT),
        sa.Column("last_series", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_user_key_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_key")),
    )
    op.create_index(op.f("ix_user_key_device_id"), "user_key", ["device_id"])
    op.create_index(op.f("ix_user_key_user_id"), "user_key", ["user_id"])

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("shift", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_visit_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_visit_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_visit_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_patient_id"), "visit", ["patient_id"])
    op.create_index("ix_visit_unit_id_on", "visit", ["unit_id", "on"])

    op.create_table(
        "check_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.String(length=40), nullable=False),
        sa.Column("bundle_version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("performed_at", INSTANT, nullable=False),
        sa.Column("performed_offset_min", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(length=160), nullable=False),
        sa.Column("author_title", sa.String(length=80), nullable=False),
        sa.Column("context", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("not_done_reason", sa.String(length=20)),
        sa.Column("not_done_text", sa.String(length=500), nullable=False),
        sa.Column("actions", JSON, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("derived", JSON, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("device_flags", JSON, nullable=False),
        sa.Column("warned", JSON, nullable=False),
        sa.Column("all_ok", JSON, nullable=False),
        sa.Column("supersedes", sa.Uuid()),
        sa.Column("reason", sa.String(length=500)),
        sa.Column("prior", JSON, nullable=False),
        sa.Column("settings_version", sa.Integer(), nullable=False),
        sa.Column("app_version", sa.String(length=80), nullable=False),
        sa.Column("clock", JSON, nullable=False),
        sa.Column("key_id", sa.Uuid()),
        sa.Column("device_id", sa.Uuid()),
        sa.Column("series", sa.Integer()),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("signature", sa.LargeBinary()),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_check_record_author_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_check_record_device_id")),
        sa.ForeignKeyConstraint(["key_id"], ["user_key.id"], name=op.f("fk_check_record_key_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_check_record_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_check_record_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_record")),
    )
    op.create_index("ix_check_record_patient_id_performed_at", "check_record", ["patient_id", "performed_at"])
    op.create_index(op.f("ix_check_record_supersedes"), "check_record", ["supersedes"])
    op.create_index("ix_check_record_unit_id_performed_at", "check_record", ["unit_id", "performed_at"])

    op.create_table(
        "flag_closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("check_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_flag_closing_by")),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_closing_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_closing")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_flag_closing_flag_id")),
    )
    op.create_table(
        "flag_raise",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_raise_flag_id")),
        sa.PrimaryKeyConstraint("flag_id", "check_id", name=op.f("pk_flag_raise")),
    )
    op.create_index(op.f("ix_flag_raise_check_id"), "flag_raise", ["check_id"])
    for table in ("check_record", "access_log", "receipt", "flag_closing", "feed_row"):
        protect(table)


def downgrade() -> None:
    raise RuntimeError("The first version has nothing before it. Nothing was changed.")
