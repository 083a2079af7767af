"""videos that are gone

Revision 0011: when YouTube last had an upload's video, and when it was found to be gone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("uploads", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("uploads", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("removed_at", "seen_at"):
        op.drop_column("uploads", column)
