"""Look-ups across units, and what was thought of unusual ones"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0016"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_lookup_user_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_lookup_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_lookup_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup")),
    )
    for column in ("user_id", "patient_id", "unit_id"):
        op.create_index(op.f(f"ix_lookup_{column}"), "lookup", [column])
    op.create_table(
        "lookup_end",
        sa.Column("lookup_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lookup_id"], ["lookup.id"], name=op.f("fk_lookup_end_lookup_id")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_lookup_end_by")),
        sa.PrimaryKeyConstraint("lookup_id", name=op.f("pk_lookup_end")),
    )
    op.create_table(
        "access_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_access_review_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
    )
    op.create_index(op.f("ix_access_review_about"), "access_review", ["about"])
    for table in ("lookup", "lookup_end", "access_review"):
        protect(table)


def downgrade() -> None:
    for table in ("access_review", "lookup_end", "lookup"):
        op.drop_table(table)
