"""Guided flows: where a person stands in one, and what they want to be reminded of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.models import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "flow_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slots", DOCUMENT, nullable=False),
        sa.Column("requested", sa.String(length=40), nullable=True),
        sa.Column("draft", DOCUMENT, nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "flow", name="one_run_per_flow"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_flow_run_person_id", "flow_run", ["person_id"])
    op.create_index("ix_flow_run_changed_at", "flow_run", ["changed_at"])
    op.create_table(
        "reminder",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind", "key", name="one_reminder_each"),
    )
    op.create_index("ix_reminder_person_id", "reminder", ["person_id"])
    op.create_index("ix_reminder_due_at", "reminder", ["due_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("reminder")
    op.drop_table("flow_run")
