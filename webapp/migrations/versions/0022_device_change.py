"""What was decided about a device: name, unit, revocation. Stands on 0021."""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "device_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=80), nullable=False),
        sa.Column("after", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("call_name", sa.String(length=80), nullable=False),
        sa.Column("call_phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_change_device_id")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_device_change_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_change")),
    )
    op.create_index(op.f("ix_device_change_device_id"), "device_change", ["device_id"])
    protect("device_change")


def downgrade() -> None:
    op.drop_table("device_change")
