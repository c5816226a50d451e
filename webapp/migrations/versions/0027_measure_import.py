"""Old series taken in from files, with who, when and what took them back. Stands on 0026."""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "measure_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_import_unit_id")),
        sa.ForeignKeyConstraint(["undoes"], ["measure_import.id"], name=op.f("fk_measure_import_undoes")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_measure_import_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_import")),
        sa.UniqueConstraint("undoes", name=op.f("uq_measure_import_undoes")),
    )
    op.create_index("ix_measure_import_unit_id_measure", "measure_import", ["unit_id", "measure"])
    op.create_table(
        "measure_import_point",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("num", sa.Integer(), nullable=False),
        sa.Column("den", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["measure_import.id"], name=op.f("fk_measure_import_point_import_id")),
        sa.PrimaryKeyConstraint("import_id", "period", name=op.f("pk_measure_import_point")),
    )
    protect("measure_import")
    protect("measure_import_point")


def downgrade() -> None:
    op.drop_table("measure_import_point")
    op.drop_table("measure_import")
