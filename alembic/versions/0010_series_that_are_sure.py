"""series that are sure

Revision 0010: how sure a series' trend is, and what its stories have in common, by which a new story is known.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("series", sa.Column("trend_confidence", sa.Float(), server_default=sa.text("0"), nullable=False))
    op.add_column(
        "series",
        sa.Column(
            "subject",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )


def downgrade() -> None:
    op.drop_column("series", "subject")
    op.drop_column("series", "trend_confidence")
