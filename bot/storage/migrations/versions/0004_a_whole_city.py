"""What a whole city needs: several processes on one database, what stays unanswered, what the office learns from it."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what stage 5 needs."""


def downgrade() -> None:
    """Take it away again."""
