"""Whom a unit's weekly summary is sent to, and what became of each. Stands on 0029."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "summary_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_summary_address_unit_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_summary_address_made_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user_account.id"], name=op.f("fk_summary_address_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_address")),
    )
    op.create_index("ix_summary_address_unit_id", "summary_address", ["unit_id"])
    op.create_table(
        "summary_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["summary_address.id"], name=op.f("fk_summary_mail_address_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_mail")),
        sa.UniqueConstraint("address_id", "week", name=op.f("uq_summary_mail_address_id")),
    )


def downgrade() -> None:
    op.drop_table("summary_mail")
    op.drop_table("summary_address")
