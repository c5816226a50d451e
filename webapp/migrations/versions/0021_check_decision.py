"""What the journal-responsible decided about records, and which of them nobody is shown now"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "check_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("new_check_id", sa.Uuid()),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["check_record.id"], name=op.f("fk_check_decision_check_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_check_decision_patient_id")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_check_decision_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_decision")),
        sa.UniqueConstraint("check_id", "number", name=op.f("uq_check_decision_check_id_number")),
    )
    for column in ("check_id", "patient_id", "new_check_id", "at"):
        op.create_index(op.f(f"ix_check_decision_{column}"), "check_decision", [column])
    protect("check_decision")
    op.create_table(
        "hidden_check",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["check_record.id"], name=op.f("fk_hidden_check_check_id")),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_hidden_check")),
    )


def downgrade() -> None:
    op.drop_table("hidden_check")
    op.drop_table("check_decision")
