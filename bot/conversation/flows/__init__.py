"""Guided flows as people see them: one message with the open question, its buttons, and what comes at the end.

Rasa decides what is asked next and whether an answer will do (flows/); here it gets words, buttons and a place in the
database.
"""
