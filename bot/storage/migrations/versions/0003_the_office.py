"""The office's side: timers, referrals, staff with roles, desk, calendar, what is measured of a case."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.models import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

UNTRANSLATED = sa.text("translation_state IN ('wanted', 'late')")

STAFF = (
    ("role", sa.String(10), "'agent'"),
    ("totp_step", KEY, "0"),
    ("language", sa.String(12), "'de'"),
    ("on_duty", sa.Boolean(), "true"),
)
MESSAGES: tuple[tuple[str, Any], ...] = (
    ("ref", sa.String(80)), ("was", sa.Text()), ("blanks", DOCUMENT), ("language", sa.String(12)),
    ("translation", sa.Text()),
    ("translation_state", sa.String(10)), ("facts", sa.Text()), ("album", sa.String(40)), ("file_id", sa.String(200)),
    ("file_name", sa.String(200)), ("file_type", sa.String(100)), ("file_size", KEY), ("delivered_at", Moment()),
    ("failed", sa.String(40)), ("deleted_at", Moment()),
    ("form", sa.String(64)), ("file_unique_id", sa.String(40)),
)  # fmt: skip
CASES: tuple[tuple[str, Any], ...] = (
    ("escalated_at", Moment()), ("first_reply_at", Moment()), ("promise_kept", sa.Boolean()),
    ("outcome", sa.String(20)), ("outcome_asked_at", Moment()), ("summary", sa.Text()),
    ("offered_language", sa.String(12)),
)  # fmt: skip
EXCHANGES: tuple[tuple[str, Any], ...] = (
    ("language", sa.String(12)), ("media", sa.String(20)), ("message_id", KEY), ("album", sa.String(40)),
    ("file", DOCUMENT),
)  # fmt: skip


def _add_filled(table: str, name: str, kind: sa.types.TypeEngine[Any], filled: str) -> None:
    """A column that must hold something gets it for the rows that are there."""
    op.add_column(table, sa.Column(name, kind))
    op.execute(sa.text(f"UPDATE {table} SET {name} = {filled}"))
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": table == "handoff_case"}) as batch:
        batch.alter_column(name, existing_type=kind, nullable=False)


def upgrade() -> None:
    """Make the change."""
    _staff()
    _cases()
    _calendar()


def _staff() -> None:
    for name, kind, filled in STAFF:
        _add_filled("staff", name, kind, filled)
    with op.batch_alter_table("staff") as batch:
        batch.alter_column("telegram_id", existing_type=KEY, nullable=True)
        batch.add_column(sa.Column("login", sa.String(80)))
        batch.add_column(sa.Column("password_hash", sa.String(200)))
        batch.add_column(sa.Column("totp_secret", sa.String(64)))
        batch.create_unique_constraint("staff_login_key", ["login"])
    op.create_table(
        "staff_absence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_staff_absence_staff_id", "staff_absence", ["staff_id"])
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_desk_session_staff_id", "desk_session", ["staff_id"])
    op.create_index("ix_desk_session_seen_at", "desk_session", ["seen_at"])
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("case_id", KEY, nullable=True),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_case_id", "audit", ["case_id"])
    op.create_index("ix_audit_action", "audit", ["action", "id"])


def _cases() -> None:
    op.add_column("person", sa.Column("muted_until", Moment()))
    op.add_column("person", sa.Column("danger_at", Moment()))
    for name, kind in EXCHANGES:
        op.add_column("exchange", sa.Column(name, kind))
    _add_filled("person", "erase_when_done", sa.Boolean(), "false")
    for name, kind in CASES:
        op.add_column("handoff_case", sa.Column(name, kind))
    _add_filled("handoff_case", "active_at", Moment(), "changed_at")
    # A topic of an older group may have had the number that one of the present group has.
    newest = "SELECT max(id) FROM handoff_case GROUP BY thread_id"
    op.execute(sa.text(f"UPDATE handoff_case SET thread_id = NULL WHERE id NOT IN ({newest})"))
    with op.batch_alter_table("handoff_case", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("ended_by", KEY))
        batch.create_foreign_key("handoff_case_ended_by_fkey", "staff", ["ended_by"], ["id"])
        batch.create_unique_constraint("handoff_case_thread_id_key", ["thread_id"])
    op.create_index("ix_handoff_case_active_at", "handoff_case", ["active_at"])
    for name, kind in MESSAGES:
        op.add_column("case_message", sa.Column(name, kind))
    _add_filled("case_message", "kind", sa.String(10), "'text'")
    op.create_index("case_message_form", "case_message", ["case_id", "form"], unique=True)
    op.create_index("case_message_untranslated", "case_message", ["id"], sqlite_where=UNTRANSLATED,
                    postgresql_where=UNTRANSLATED)  # fmt: skip
    op.create_table(
        "timer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "kind", name="one_timer_of_a_kind"),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])
    op.create_table(
        "referral",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("contact", sa.String(80), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ask_at", Moment(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=True),
        sa.Column("worked", sa.String(10), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["handoff_case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_referral_case_id", "referral", ["case_id"])
    op.create_index("ix_referral_ask_at", "referral", ["ask_at"])
    op.create_table(
        "upload",
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["case_message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )


def _calendar() -> None:
    op.create_table(
        "office_week",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hours", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "calendar_exception",
        sa.Column("id", KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_calendar_exception_last", "calendar_exception", ["last"])
    op.create_table(
        "staff_group",
        sa.Column("configured", KEY, autoincrement=False, nullable=False),
        sa.Column("chat_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("configured"),
    )


def downgrade() -> None:
    """Take the change back. Staff who use only the desk, having no Telegram id, go."""
    for table in ("staff_group", "calendar_exception", "office_week", "upload", "referral", "timer", "audit",
                  "desk_session", "staff_absence"):  # fmt: skip
        op.drop_table(table)
    op.drop_index("case_message_untranslated", "case_message")
    op.drop_index("case_message_form", "case_message")
    with op.batch_alter_table("case_message") as batch:
        for name in ("kind", *(name for name, _ in MESSAGES)):
            batch.drop_column(name)
    op.drop_index("ix_handoff_case_active_at", "handoff_case")
    with op.batch_alter_table("handoff_case", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint("handoff_case_ended_by_fkey", type_="foreignkey")
        batch.drop_constraint("handoff_case_thread_id_key", type_="unique")
        for name in ("active_at", "ended_by", *(name for name, _ in CASES)):
            batch.drop_column(name)
    op.drop_column("person", "danger_at")
    for name, _ in EXCHANGES:
        op.drop_column("exchange", name)
    op.drop_column("person", "muted_until")
    op.drop_column("person", "erase_when_done")
    op.execute(sa.text("DELETE FROM staff WHERE telegram_id IS NULL"))
    with op.batch_alter_table("staff") as batch:
        batch.drop_constraint("staff_login_key", type_="unique")
        for name in ("login", "password_hash", "totp_secret", *(name for name, *_ in STAFF)):
            batch.drop_column(name)
        batch.alter_column("telegram_id", existing_type=KEY, nullable=False)
