"""Facts that measures count, how far they reach, and closed points that changed"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0018"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "measure_fact",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("num", "den", "eligible", "covered", "declined", "unknown", "late")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_measure_fact_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_fact_unit_id")),
        sa.PrimaryKeyConstraint("patient_id", "measure", "period", name=op.f("pk_measure_fact")),
    )
    op.create_index("ix_measure_fact_unit_id_period", "measure_fact", ["unit_id", "period"])
    op.create_table(
        "measure_state",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_measure_state_patient_id")),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_measure_state")),
    )
    op.create_table(
        "measure_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("num", sa.Integer(), nullable=False),
        sa.Column("den", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_change_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_change")),
    )
    op.create_index("ix_measure_change_unit_id_period", "measure_change", ["unit_id", "period"])
    protect("measure_change")


def downgrade() -> None:
    for table in ("measure_change", "measure_state", "measure_fact"):
        op.drop_table(table)
