"""Log-in by an OpenID provider: whose subject an account is, and which answers were used"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("user_account", sa.Column("oidc_subject", sa.String(length=64)))
    op.create_index(op.f("ix_user_account_oidc_subject"), "user_account", ["oidc_subject"], unique=True)
    op.create_table(
        "oidc_answer",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_oidc_answer")),
    )


def downgrade() -> None:
    op.drop_table("oidc_answer")
    op.drop_index(op.f("ix_user_account_oidc_subject"), "user_account")
    op.drop_column("user_account", "oidc_subject")
