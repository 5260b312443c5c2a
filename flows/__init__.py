"""What the bot says next: Rasa's domain, rules and channel. It speaks in symbols, in no language."""
