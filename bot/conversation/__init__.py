"""What to do with a message: mode, crisis, language, ask Rasa, pick the reply. Knows no Telegram type."""
