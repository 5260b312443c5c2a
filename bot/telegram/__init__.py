"""All that knows Telegram: reading updates, rendering replies, the durable inbox and outbox, the staff group."""
