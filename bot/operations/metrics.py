"""Figures for Prometheus. Labels come from closed sets; no figure belongs to a person."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 900.0)
OUTCOMES = ("done", "ignored", "failed", "unreadable")
"""What can come of an update."""
SENT = ("sent", "failed")
"""What can come of a message in the outbox."""
TELEGRAM_ERRORS = ("network", "timeout", "too_many", "refused", "forbidden", "conflict", "other")
RASA_FAILURES = ("timeout", "connection", "answer")
QUEUES = ("inbox", "outbox")

UPDATES_RECEIVED = Counter("wegweiser_updates_received", "Updates stored.", registry=REGISTRY)
_processed = Counter("wegweiser_updates_processed", "Updates processed.", ["outcome"], registry=REGISTRY)
REPLY_SECONDS = Histogram(
    "wegweiser_reply_seconds", "From the arrival of an update until Telegram has taken the first reply to it.",
    buckets=SECONDS, registry=REGISTRY,
)  # fmt: skip
_messages = Counter("wegweiser_messages", "Messages of the outbox that are done with.", ["outcome"], registry=REGISTRY)
_telegram = Counter("wegweiser_telegram_errors", "Calls of the Bot API that failed.", ["kind"], registry=REGISTRY)
_rasa_failures = Counter("wegweiser_rasa_failures", "Questions Rasa did not answer.", ["kind"], registry=REGISTRY)
RASA_SECONDS = Histogram("wegweiser_rasa_seconds", "How long Rasa took to answer.", buckets=SECONDS, registry=REGISTRY)
RATE_LIMITED = Counter("wegweiser_rate_limited", "Messages beyond what is answered.", registry=REGISTRY)
LOOP_DELAY = Gauge("wegweiser_loop_delay_seconds", "How late the event loop was at its last look.", registry=REGISTRY)

UP = Gauge("wegweiser_up", "Whether a part that the bot needs can be used (1) or not (0).", ["part"], registry=REGISTRY)
WAITING = Gauge("wegweiser_waiting", "Rows that wait.", ["queue"], registry=REGISTRY)
OLDEST = Gauge("wegweiser_oldest_seconds", "How long the oldest row has been waiting.", ["queue"], registry=REGISTRY)
CASES = Gauge("wegweiser_cases", "Cases at the office.", ["state"], registry=REGISTRY)

# Looking a label up costs more than counting.
PROCESSED = {outcome: _processed.labels(outcome) for outcome in OUTCOMES}
MESSAGES = {outcome: _messages.labels(outcome) for outcome in SENT}
TELEGRAM = {kind: _telegram.labels(kind) for kind in TELEGRAM_ERRORS}
RASA_FAILED = {kind: _rasa_failures.labels(kind) for kind in RASA_FAILURES}

CONTENT_TYPE = CONTENT_TYPE_LATEST


def written() -> bytes:
    """All figures as Prometheus reads them."""
    return generate_latest(REGISTRY)
