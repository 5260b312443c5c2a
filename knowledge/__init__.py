"""The curated FAQ: what the bot may answer, in which languages, how fresh it is. Knows neither Telegram nor Rasa."""
