"""Tokens that open a unit's aggregates to another system. Stands on 0027."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "measure_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_token_unit_id")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_measure_token_by")),
        sa.ForeignKeyConstraint(["revoked_by"], ["user_account.id"], name=op.f("fk_measure_token_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_measure_token_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("measure_token")
