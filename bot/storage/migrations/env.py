"""Alembic's entry: migrations run on a connection that the program hands over (`bot.storage.schema`)."""

from __future__ import annotations

from alembic import context

from bot.storage.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
