"""What was decided about refused records"""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from webapp.migrations.append_only import protect

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
HASH = sa.String(length=64)
KEPT = sa.table(
    "quarantine", sa.column("envelope_hash", HASH), sa.column("claimed_id", sa.Uuid()), sa.column("decided_at", INSTANT),
    sa.column("decided_by", sa.Uuid()), sa.column("decision", sa.String()), sa.column("decision_reason", sa.String()),
)  # fmt: skip
DECIDED = sa.table(
    "quarantine_decision", sa.column("id", sa.Uuid()), sa.column("envelope_hash", HASH), sa.column("number", sa.Integer()),
    sa.column("at", INSTANT), sa.column("by", sa.Uuid()), sa.column("decision", sa.String()), sa.column("reason", sa.String()),
    sa.column("against", JSON), sa.column("check_id", sa.Uuid()),
)  # fmt: skip


def upgrade() -> None:
    decided = op.get_bind().execute(sa.select(KEPT).where(KEPT.c.decided_at.is_not(None))).all()
    with op.batch_alter_table("quarantine") as table:
        table.drop_constraint("fk_quarantine_decided_by", type_="foreignkey")
        for name in ("decided_at", "decided_by", "decision", "decision_reason"):
            table.drop_column(name)
    op.create_table(
        "quarantine_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("envelope_hash", HASH, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("against", JSON, nullable=False),
        sa.Column("patient_id", sa.Uuid()),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("check_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["envelope_hash"], ["quarantine.envelope_hash"], name=op.f("fk_quarantine_decision_envelope_hash")),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_quarantine_decision_by")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_quarantine_decision_patient_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quarantine_decision_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_decision")),
        sa.UniqueConstraint("envelope_hash", "number", name=op.f("uq_quarantine_decision_envelope_hash_number")),
    )
    for name in ("envelope_hash", "at", "check_id"):
        op.create_index(op.f(f"ix_quarantine_decision_{name}"), "quarantine_decision", [name])
    if decided:
        op.bulk_insert(DECIDED, [_row(one) for one in decided])
    protect("quarantine_decision")


def _row(one: Any) -> dict[str, Any]:
    return {
        "id": uuid4(), "envelope_hash": one.envelope_hash, "number": 1, "at": one.decided_at, "by": one.decided_by,
        "decision": one.decision, "reason": one.decision_reason or "", "against": [],
        "check_id": None if one.decision == "reject" else one.claimed_id,
    }  # fmt: skip


def downgrade() -> None:
    newest = sa.select(DECIDED).order_by(DECIDED.c.number)
    decided = {one.envelope_hash: one for one in op.get_bind().execute(newest)}
    op.drop_table("quarantine_decision")
    with op.batch_alter_table("quarantine") as table:
        table.add_column(sa.Column("decided_at", INSTANT))
        table.add_column(sa.Column("decided_by", sa.Uuid()))
        table.add_column(sa.Column("decision", sa.String(length=20)))
        table.add_column(sa.Column("decision_reason", sa.String(length=500)))
        table.create_foreign_key("fk_quarantine_decided_by", "user_account", ["decided_by"], ["id"])
    for one in decided.values():
        news = {"decided_at": one.at, "decided_by": one.by, "decision": one.decision, "decision_reason": one.reason}
        op.execute(sa.update(KEPT).where(KEPT.c.envelope_hash == one.envelope_hash).values(**news))
