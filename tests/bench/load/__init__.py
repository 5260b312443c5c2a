"""How much the whole stands: many people at a given rate, beside the bare Rasa server, and with years of data."""
