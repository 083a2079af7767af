"""videos know their inputs

Revision 0006: the fingerprint of what a video was rendered from. Videos that are there have none: made again by force,
they are rendered once more and get theirs.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("videos", sa.Column("render_fingerprint", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("videos", "render_fingerprint")
