"""What was decided about a chart: baseline, phase, ghost, note, target, and taking one of them back. Stands on 0025."""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "measure_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("grain", sa.String(length=8), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_decision_unit_id")),
        sa.ForeignKeyConstraint(["undoes"], ["measure_decision.id"], name=op.f("fk_measure_decision_undoes")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_measure_decision_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_decision")),
        sa.UniqueConstraint("undoes", name=op.f("uq_measure_decision_undoes")),
    )
    op.create_index("ix_measure_decision_unit_id_measure", "measure_decision", ["unit_id", "measure"])
    protect("measure_decision")


def downgrade() -> None:
    op.drop_table("measure_decision")
