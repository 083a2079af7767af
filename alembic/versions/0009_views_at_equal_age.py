"""views at equal age

Revision 0009: what each upload had come to 1, 3, 7 and 28 days after it went public, and its percentile within the
channel at that age.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "performance_ages",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("age_days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("percentile", sa.Float(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_performance_ages_upload_id_uploads"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("upload_id", "age_days", name=op.f("pk_performance_ages")),
    )


def downgrade() -> None:
    op.drop_table("performance_ages")
