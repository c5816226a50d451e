"""A mark of the street an employee lives in, for the follow-up of look-ups"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("home_street", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("user_account", "home_street")
