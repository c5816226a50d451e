"""What the points of an old list are of: a day, an ISO week, a month or a quarter; until now a month. Stands on 0031."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
IMPORT = sa.table(
    "measure_import", sa.column("id", sa.Uuid()), sa.column("unit_id", sa.Uuid()), sa.column("measure"), sa.column("file"),
    sa.column("per"), sa.column("undoes", sa.Uuid()), sa.column("by", sa.Uuid()), sa.column("at", sa.DateTime(timezone=True)),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("measure_import", sa.Column("per", sa.String(length=8), nullable=False, server_default="month"))


def downgrade() -> None:
    take_back()
    op.drop_column("measure_import", "per")


def take_back() -> None:
    """An earlier version would take a day for a month: for it those lists are taken back, and what they were stays."""
    gone = sa.select(IMPORT.c.undoes).where(IMPORT.c.undoes.is_not(None))
    wrong = sa.select(IMPORT).where(IMPORT.c.per != "month", IMPORT.c.undoes.is_(None), IMPORT.c.id.not_in(gone))
    rows = [dict(one) | {"id": uuid4(), "undoes": one["id"], "at": datetime.now(UTC)} for one in op.get_bind().execute(wrong).mappings()]
    if rows:
        op.get_bind().execute(IMPORT.insert(), rows)
