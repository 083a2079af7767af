"""topics worth making

Revision 0002: near-same titles are found by an index, what was told lately too; sources that ask several addresses.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "source_addresses",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_addresses_source_id_sources"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "address", name=op.f("pk_source_addresses")),
    )
    op.add_column(
        "source_items",
        sa.Column(
            "places",
            postgresql.ARRAY(sa.String()),
            server_default=sa.text("'{}'::character varying[]"),
            nullable=False,
        ),
    )
    op.add_column(
        "topics",
        sa.Column(
            "title_keys", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'::bigint[]"), nullable=False
        ),
    )
    op.create_index(
        "idx_topic_told",
        "topics",
        ["channel_id", sa.literal_column("coalesce(published_at, created_at)")],
        unique=False,
    )
    op.create_index(
        "idx_topic_title_keys",
        "topics",
        ["title_keys"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )


def downgrade() -> None:
    op.drop_index("idx_topic_title_keys", table_name="topics")
    op.drop_index("idx_topic_told", table_name="topics")
    op.drop_column("topics", "title_keys")
    op.drop_column("source_items", "places")
    op.drop_table("source_addresses")
