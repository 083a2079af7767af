"""pictures not shown again

Revision 0005: what tells one borrowed work from another, so that a channel's next videos show others.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("media_credits", sa.Column("identity", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("media_credits", "identity")
