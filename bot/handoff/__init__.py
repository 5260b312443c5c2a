"""Handing a person over to a human being: cases, their states, and the pure function between them.

Knows neither Telegram nor Rasa. What a transition means outside is returned as effects, for others to carry out.
"""
