"""Which record a kept envelope holds, and whom it is about"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("content_hash", sa.String(length=64)))
    op.add_column("quarantine", sa.Column("about", sa.Uuid()))
    op.create_index(op.f("ix_quarantine_about"), "quarantine", ["about"])


def downgrade() -> None:
    op.drop_index(op.f("ix_quarantine_about"), "quarantine")
    op.drop_column("quarantine", "about")
    op.drop_column("quarantine", "content_hash")
