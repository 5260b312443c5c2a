"""A local stand-in for Telegram's Bot API with a web page, for demonstrations, journeys and benchmarks."""

from bot.simulator.app import create_app

__all__ = ["create_app"]
