"""channels that were authorised

Revision 0007: which Google project and YouTube channel a stored token belongs to, when a person gave it, whether its
channel may publish with it, and why it does not work any more.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("credentials", sa.Column("project", sa.String(length=100), nullable=True))
    op.add_column("credentials", sa.Column("youtube_channel_id", sa.String(length=50), nullable=True))
    op.add_column("credentials", sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("credentials", sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("credentials", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("reason", "allowed_at", "authorised_at", "youtube_channel_id", "project"):
        op.drop_column("credentials", column)
