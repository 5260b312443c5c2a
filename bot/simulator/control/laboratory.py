"""What only a test orders: faults, flood limits, redelivery, a clean start."""

from bot.simulator.control.body import Body
from bot.simulator.errors import ControlError
from bot.simulator.faults import ANY_METHOD, CUT, Fault
from bot.simulator.limits import Limits
from bot.simulator.state import Json
from bot.simulator.world import World

FAULT_FIELDS = (
    "method", "error", "times", "retry_after", "delay", "after", "thread_ignored", "chat", "description", "clear",
)  # fmt: skip
LOWEST_ERROR, HIGHEST_ERROR = 400, 599


def order_fault(world: World, body: Body) -> Json:
    """Let the next `times` calls of a method fail, come late, lose their answer or lose their topic."""
    body.only(*FAULT_FIELDS)
    if body.flag("clear"):
        world.faults.clear()
        return {"ok": True}
    error = _error(body)
    fault = Fault(
        method=body.text("method", ANY_METHOD),
        error=error,
        times=body.maybe_number("times") or 1,
        retry_after=body.maybe_number("retry_after") or 1,
        delay=body.seconds("delay"),
        after=body.flag("after"),
        thread_ignored=body.flag("thread_ignored"),
        chat=body.maybe_number("chat"),
        description=body.text("description", "") or None,
    )
    if error is None and not (fault.delay or fault.after or fault.thread_ignored):
        raise ControlError("a fault needs 'error', 'delay', 'after' or 'thread_ignored'")
    world.faults.order(fault)
    return {"ok": True}


def _error(body: Body) -> int | str | None:
    error = body.raw("error")
    if error is None or error == CUT:
        return CUT if error else None
    code = body.number("error")
    if not LOWEST_ERROR <= code <= HIGHEST_ERROR:
        raise ControlError(f"field 'error' must be a code from 400 to 599 or {CUT!r}, not {code}")
    return code


def set_limits(world: World, body: Body) -> Json:
    """From now on 429 beyond so many topics and messages to one group a minute; without a number no limit."""
    body.only("topics_per_minute", "group_messages_per_minute")
    limits = Limits()
    limits.topics_per_minute = _positive(body, "topics_per_minute")
    limits.group_messages_per_minute = _positive(body, "group_messages_per_minute")
    world.limits = limits
    return {
        "topics_per_minute": limits.topics_per_minute,
        "group_messages_per_minute": limits.group_messages_per_minute,
    }


def _positive(body: Body, name: str) -> int | None:
    value = body.maybe_number(name)
    if value is not None and value < 1:
        raise ControlError(f"field {name!r} must be at least 1, not {value}")
    return value


def redeliver(world: World, body: Body) -> Json:
    """Deliver an update once more under its old id, as Telegram sometimes does."""
    body.only("update_id")
    update_id = body.number("update_id")
    if not world.updates.redeliver(update_id):
        raise ControlError(f"there was no update {update_id}")
    return {"update_id": update_id}


def reset(world: World, body: Body) -> Json:
    """Forget people, messages, faults and logs; the bot's commands, webhook and update counter stay."""
    body.only()
    world.reset()
    return {"ok": True}
