"""Faults ordered by a test: the next n calls of a method fail, come late, or take effect without an answer."""

from dataclasses import dataclass

from bot.simulator.errors import ApiError, too_many_requests

ANY_METHOD = "*"
DEFAULT_RETRY_AFTER_S = 1
CUT = "cut"

DESCRIPTIONS = {
    400: "Bad Request: simulated fault",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


@dataclass(slots=True)
class Fault:
    """One order; `error` is a code, "cut" (the connection breaks) or None (only late or thread ignored)."""

    method: str = ANY_METHOD
    error: int | str | None = None
    times: int = 1
    retry_after: int = DEFAULT_RETRY_AFTER_S
    delay: float = 0.0
    after: bool = False
    thread_ignored: bool = False
    chat: int | None = None
    description: str | None = None

    def api_error(self) -> ApiError | None:
        """The refusal to answer with, or None when the fault is not a refusal."""
        if not isinstance(self.error, int):
            return None
        if self.error == 429:
            return too_many_requests(self.retry_after)
        return ApiError(self.error, self.description or DESCRIPTIONS.get(self.error, "Internal Server Error"))


class Faults:
    """The orders still open, in the order they were given."""

    def __init__(self) -> None:
        self._open: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add an order; it stays until it was used `times` times."""
        self._open.append(fault)

    def clear(self) -> None:
        """Forget all open orders."""
        self._open.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Use up one turn of the first order that fits this call, or None."""
        for fault in self._open:
            if fault.method.lower() not in (ANY_METHOD, method.lower()):
                continue
            if fault.chat is not None and fault.chat != chat_id:
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._open.remove(fault)
            return fault
        return None
