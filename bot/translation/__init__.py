"""Machine translation as a plug: a client of LibreTranslate, a check of what must not change, and when to ask it.

Off unless an address is set. Nothing here knows a chat, a case or Telegram.
"""
