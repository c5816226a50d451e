"""The bytes of files that stand with posts in a network. Stands on 0030."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "work_file",
        sa.Column("item", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_work_file")),
    )


def downgrade() -> None:
    op.drop_table("work_file")
