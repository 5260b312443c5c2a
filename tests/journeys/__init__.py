"""Whole conversations, through simulator, bot and Rasa as real processes."""
