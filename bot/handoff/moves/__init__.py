"""The moves of a case, a module for each part of its life; `bot.handoff.transition` puts them together."""

from bot.handoff.moves.move import Move, Mover, Refused, Step

__all__ = ["Move", "Mover", "Refused", "Step"]
