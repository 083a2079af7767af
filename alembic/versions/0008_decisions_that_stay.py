"""decisions that stay

Revision 0008: the database itself refuses to change or delete a decision: rows of review_decisions are only ever added.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION refuse_to_rewrite_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'review_decisions is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER review_decisions_append_only BEFORE UPDATE OR DELETE ON review_decisions
        FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_decisions()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER review_decisions_append_only ON review_decisions")
    op.execute("DROP FUNCTION refuse_to_rewrite_decisions()")
