"""What the bot says next: Rasa's domain, rules and channel. It answers in symbols; no sentence of any language is here."""
