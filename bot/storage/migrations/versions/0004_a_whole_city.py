"""What a whole city needs: several processes on one database, what stays unanswered, what the office learns from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.models import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add what stage 5 needs."""
    _unanswered()
    _insight()
    _workers()
    _retention()
    _growth()
    op.add_column("outbox", sa.Column("trace", sa.String(12)))
    op.add_column("outbox", sa.Column("asked_at", Moment()))


def downgrade() -> None:
    """Take it away again."""
    for column in ("asked_at", "trace"):
        op.drop_column("outbox", column)
    op.drop_index("person_to_erase", "person")
    op.drop_index("ix_outbox_chat_id", "outbox")
    op.drop_index("outbox_without_case", "outbox")
    op.drop_column("staff", "left_at")
    op.drop_table("erasure")
    op.drop_table("worker")
    for queue in ("inbox", "outbox"):
        op.drop_column(queue, "leased_by")
    op.drop_index("inbox_albums", "inbox")
    op.drop_column("inbox", "album")
    for table in ("weekly_people", "visit_salt", "visit"):
        op.drop_table(table)
    op.drop_index("case_measured", "handoff_case")
    for column in ("waited_open", "waited", "handed_at"):
        op.drop_column("handoff_case", column)
    op.drop_table("unanswered")


def _unanswered() -> None:
    op.create_table(
        "unanswered",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("person_id", KEY, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("nearest", DOCUMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unanswered_person_id", "unanswered", ["person_id"])
    op.create_index("ix_unanswered_asked_on", "unanswered", ["asked_on"])


def _insight() -> None:
    """Different people by week, and how long a person waited for the first reply."""
    cell = (("topic", sa.String(40)), ("language", sa.String(12)))
    for table, keys, (name, kind) in (
        ("visit", cell, ("who", KEY)), ("visit_salt", (), ("salt", sa.LargeBinary())),
        ("weekly_people", cell, ("people", sa.Integer())),
    ):  # fmt: skip
        op.create_table(
            table, *(sa.Column(key, of, primary_key=True) for key, of in (("week", sa.Date()), *keys)),
            sa.Column(name, kind, primary_key=name == "who", nullable=False, autoincrement=False),
        )  # fmt: skip
    op.add_column("handoff_case", sa.Column("handed_at", Moment()))
    for name in ("waited", "waited_open"):
        op.add_column("handoff_case", sa.Column(name, KEY))
    op.create_index("case_measured", "handoff_case",
                    ["handed_at", "language", "promise_kept", "outcome", "waited", "waited_open"])  # fmt: skip
    _fill_in_waiting()


def _fill_in_waiting() -> None:
    """Of cases that are there: how long people waited in all; opening hours of the past are not worked out."""
    agreed = "SELECT min(at) FROM case_event WHERE case_id = handoff_case.id AND kind = 'Consented'"
    op.execute(sa.text(f"UPDATE handoff_case SET handed_at = ({agreed})"))
    seconds = "extract(epoch FROM first_reply_at - handed_at)"
    if op.get_bind().dialect.name == "sqlite":
        seconds = "round((julianday(first_reply_at) - julianday(handed_at)) * 86400)"
    op.execute(sa.text(f"UPDATE handoff_case SET waited = CAST({seconds} AS integer) WHERE first_reply_at IS NOT NULL"))


def _workers() -> None:
    """Several bots on one PostgreSQL."""
    op.create_table(
        "worker",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("leased_until", Moment(), nullable=False),
        sqlite_autoincrement=True,
    )
    for queue in ("inbox", "outbox"):
        op.add_column(queue, sa.Column("leased_by", KEY))
    op.add_column("inbox", sa.Column("album", sa.String(40)))
    known = sa.text("album IS NOT NULL")
    op.create_index("inbox_albums", "inbox", ["album"], sqlite_where=known, postgresql_where=known)


def _growth() -> None:
    """What would have to look through all persons, or all that was ever sent."""
    op.create_index("person_to_erase", "person", ["id"], sqlite_where=sa.text("erase_when_done = 1"),
                    postgresql_where=sa.text("erase_when_done"))  # fmt: skip
    op.create_index("ix_outbox_chat_id", "outbox", ["chat_id"])


def _retention() -> None:
    """Who was erased, when staff left, and what of the outbox belongs to no case."""
    op.create_table(
        "erasure",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", Moment(), nullable=False, index=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.add_column("staff", sa.Column("left_at", Moment()))
    op.execute(sa.text("UPDATE staff SET left_at = CURRENT_TIMESTAMP WHERE NOT active"))
    no_case = sa.text("case_id IS NULL")
    op.create_index("outbox_without_case", "outbox", ["created_at"], sqlite_where=no_case, postgresql_where=no_case)
