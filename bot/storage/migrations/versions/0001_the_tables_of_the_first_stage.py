"""The tables of the first stage

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from bot.storage.models import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.INTEGER(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
UNREAD = sa.text("done_at IS NULL")
UNSENT = sa.text("state IN ('pending', 'sending')")
OPEN = sa.text("state IN ('INTAKE', 'QUEUED', 'PARKED', 'CLAIMED', 'WAITING_USER', 'RETURN_OFFERED', 'UNREACHABLE')")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "counter",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "name", "key", "language"),
    )
    op.create_table(
        "inbox",
        sa.Column("update_id", KEY, autoincrement=False, nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("update_id"),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "inbox_waiting", ["lane", "update_id"], unique=False, sqlite_where=UNREAD, postgresql_where=UNREAD
        )
        batch_op.create_index(batch_op.f("ix_inbox_done_at"), ["done_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("chat_id", KEY, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("last_entry", sa.String(length=80), nullable=True),
        sa.Column("told_degraded", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("chat_id"),
    )
    op.create_table(
        "staff",
        sa.Column("id", KEY, nullable=False),
        sa.Column("telegram_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("telegram_id"),
    )
    op.create_table(
        "exchange",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("entry_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_exchange_person_id"), ["person_id"], unique=False)

    op.create_table(
        "handoff_case",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("thread_id", KEY, nullable=True),
        sa.Column("header_message_id", KEY, nullable=True),
        sa.Column("last_exchange_id", KEY, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("promised_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("handoff_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_case_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_case_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_case_state"), ["state"], unique=False)
        batch_op.create_index(
            "one_open_case_per_person", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )

    op.create_table(
        "case_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("media", sa.String(length=20), nullable=True),
        sa.Column("source_chat_id", KEY, nullable=False),
        sa.Column("source_message_id", KEY, nullable=False),
        sa.Column("copy_message_id", KEY, nullable=True),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("case_message", schema=None) as batch_op:
        batch_op.create_index("case_message_source", ["source_chat_id", "source_message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_message_case_id"), ["case_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("chat_id", KEY, nullable=True),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("case_message_id", KEY, nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("message_id", KEY, nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_message_id"], ["case_message.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_sent_at"), ["sent_at"], unique=False)
        batch_op.create_index(
            "outbox_waiting", ["lane", "id"], unique=False, sqlite_where=UNSENT, postgresql_where=UNSENT
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_waiting", sqlite_where=UNSENT, postgresql_where=UNSENT)
        batch_op.drop_index(batch_op.f("ix_outbox_sent_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_case_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("case_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_message_case_id"))
        batch_op.drop_index("case_message_source")

    op.drop_table("case_message")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_event_case_id"))

    op.drop_table("case_event")
    with op.batch_alter_table("handoff_case", schema=None) as batch_op:
        batch_op.drop_index("one_open_case_per_person", sqlite_where=OPEN, postgresql_where=OPEN)
        batch_op.drop_index(batch_op.f("ix_handoff_case_state"))
        batch_op.drop_index(batch_op.f("ix_handoff_case_person_id"))
        batch_op.drop_index(batch_op.f("ix_handoff_case_changed_at"))

    op.drop_table("handoff_case")
    with op.batch_alter_table("exchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_person_id"))
        batch_op.drop_index(batch_op.f("ix_exchange_at"))

    op.drop_table("exchange")
    op.drop_table("staff")
    op.drop_table("person")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_done_at"))
        batch_op.drop_index("inbox_waiting", sqlite_where=UNREAD, postgresql_where=UNREAD)

    op.drop_table("inbox")
    op.drop_table("counter")
