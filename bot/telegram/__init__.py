"""All that knows Telegram: reading updates, rendering replies, the durable inbox and outbox, the staff group."""

import os

# python-telegram-bot then gives times to wait as timedelta, as its next version will by default.
os.environ.setdefault("PTB_TIMEDELTA", "true")
