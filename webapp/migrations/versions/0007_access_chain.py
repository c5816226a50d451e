"""A chain over the access log"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "access_pending", sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_access_pending")),
    )  # fmt: skip
    op.create_table(
        "access_link",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_access_link")),
        sa.UniqueConstraint("log_id", name=op.f("uq_access_link_log_id")),
    )
    op.execute("INSERT INTO access_pending (log_id) SELECT id FROM access_log")
    protect("access_link")


def downgrade() -> None:
    op.drop_table("access_link")
    op.drop_table("access_pending")
