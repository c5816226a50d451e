"""Versions of improvement work and of what leaders do. Stands on 0024."""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect
from webapp.models.base import Json

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "work_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_work_version_unit_id")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_work_version_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_version")),
        sa.UniqueConstraint("item", "number", name=op.f("uq_work_version_item_number")),
    )
    op.create_index("ix_work_version_unit_id_kind", "work_version", ["unit_id", "kind"])
    op.create_index("ix_work_version_parent", "work_version", ["parent"])
    protect("work_version")


def downgrade() -> None:
    op.drop_table("work_version")
