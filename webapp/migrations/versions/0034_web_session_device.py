"""Which tablet a log-in was made on: it ends with the tablet"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("web_session", sa.Column("device_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_web_session_device_id"), "web_session", ["device_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_web_session_device_id"), table_name="web_session")
    op.drop_column("web_session", "device_id")
