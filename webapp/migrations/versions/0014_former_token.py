"""Cookies that a device had before it was given another"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0014"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "former_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_former_token_device_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["user_account.id"], name=op.f("fk_former_token_replaced_by")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_former_token")),
    )
    op.create_index(op.f("ix_former_token_device_id"), "former_token", ["device_id"])
    protect("former_token")


def downgrade() -> None:
    op.drop_table("former_token")
