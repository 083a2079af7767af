"""pieces found by their words

Revision 0003: the content words of a channel's past, and how common each is. Rows that are there get theirs by the next
run of `content_chunks`, or by `shorts vectors reindex`.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "chunk_words",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_chunk_words_channel_id_channels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "word", name=op.f("pk_chunk_words")),
    )
    op.add_column("content_chunks", sa.Column("tokens", postgresql.ARRAY(sa.String()), nullable=True))
    op.create_index(
        "idx_chunk_tokens",
        "content_chunks",
        ["tokens"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def downgrade() -> None:
    op.drop_index("idx_chunk_tokens", table_name="content_chunks")
    op.drop_column("content_chunks", "tokens")
    op.drop_table("chunk_words")
