"""Numbers of a key's series that have not come though a later one has. Stands on 0022."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "series_gap",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["user_key.id"], name=op.f("fk_series_gap_key_id")),
        sa.PrimaryKeyConstraint("key_id", "first", name=op.f("pk_series_gap")),
    )


def downgrade() -> None:
    op.drop_table("series_gap")
