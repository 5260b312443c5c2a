"""The control side: what people do, what goes wrong, and what can be seen, as plain JSON over HTTP."""

from bot.simulator.control.routes import control_routes

__all__ = ["control_routes"]
