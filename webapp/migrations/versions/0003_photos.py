"""Photos of findings"""

import sqlalchemy as sa
from alembic import op

from webapp.migrations.append_only import protect

revision = "0003"
down_revision = "0002"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("envelope_hash", sa.String(length=64), nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("stored_hash", sa.String(length=64)),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["check_record.id"], name=op.f("fk_photo_check_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_photo_patient_id")),
        sa.ForeignKeyConstraint(["key_id"], ["user_key.id"], name=op.f("fk_photo_key_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_photo_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("envelope_hash", name=op.f("uq_photo_envelope_hash")),
        sa.UniqueConstraint("check_id", "original_hash", name=op.f("uq_photo_check_id_original_hash")),
    )
    op.create_index(op.f("ix_photo_patient_id"), "photo", ["patient_id"])
    protect("photo")
    op.create_table(
        "photo_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("envelope_hash", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_photo_part_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_part")),
        sa.UniqueConstraint("device_id", "envelope_hash", "start", name=op.f("uq_photo_part_device_id_envelope_hash_start")),
    )
    op.create_index(op.f("ix_photo_part_device_id"), "photo_part", ["device_id"])


def downgrade() -> None:
    op.drop_table("photo_part")
    op.drop_table("photo")
