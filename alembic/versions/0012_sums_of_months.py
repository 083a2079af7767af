"""sums of months

Revision 0012: an upload's days of a month, added up. Filled by the next projection of each channel's figures.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTS = (
    *("days", "views", "likes", "dislikes", "comments", "shares", "watch_time_seconds"),
    *("subscribers_gained", "subscribers_lost"),
)
AVERAGES = (("seconds", "seconds_views"), ("percentages", "percentages_views"), ("clicks", "clicks_impressions"))


def upgrade() -> None:
    averages = [
        column
        for value, over in AVERAGES
        for column in (sa.Column(value, sa.Float(), nullable=False), sa.Column(over, sa.BigInteger(), nullable=False))
    ]
    op.create_table(
        "performance_months",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        *averages,
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_performance_months_upload_id_uploads"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("upload_id", "month", name=op.f("pk_performance_months")),
    )


def downgrade() -> None:
    op.drop_table("performance_months")
