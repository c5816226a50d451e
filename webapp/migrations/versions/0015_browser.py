"""Which browser a log-in was made in, for the list of where one is logged in"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("web_session", sa.Column("browser", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("web_session", "browser")
