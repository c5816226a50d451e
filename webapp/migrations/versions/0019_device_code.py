"""Codes with which a tablet is taken into use"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "device_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_device_code_unit_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_device_code_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_device_code_code_hash")),
    )
    op.create_index(op.f("ix_device_code_unit_id"), "device_code", ["unit_id"])


def downgrade() -> None:
    op.drop_table("device_code")
