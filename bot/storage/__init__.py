"""The one door to data about persons: models, the database, erasure. Knows no Telegram and no Rasa."""
