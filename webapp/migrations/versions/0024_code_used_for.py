"""Which device an enrolment code was used for, so that the device's history says whose code it was. Stands on 0023."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("device_code", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_device_code_device_id"), "device_code", ["device_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_device_code_device_id"), table_name="device_code")
    op.drop_column("device_code", "device_id")
