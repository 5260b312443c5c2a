"""Reading control requests strictly: a misspelt field is an error with its name, not silence."""

import json
from typing import Any

from starlette.requests import Request

from bot.simulator.errors import ControlError


class Body:
    """The fields of one control request; every getter raises `ControlError` 400 with one clear line."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def only(self, *known: str) -> None:
        """Refuse fields the request does not know."""
        unknown = sorted(set(self._values) - set(known))
        if unknown:
            raise ControlError(f"unknown field {unknown[0]!r}; known: {', '.join(sorted(known))}")

    def has(self, name: str) -> bool:
        """Whether the field was given (null counts as not given)."""
        return name in self._values

    def number(self, name: str) -> int:
        """A whole number that has to be there."""
        value = self.maybe_number(name)
        if value is None:
            raise ControlError(f"field {name!r} is missing")
        return value

    def maybe_number(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self._values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise ControlError(f"field {name!r} must be a whole number, not {value!r}")
        return value

    def seconds(self, name: str) -> float:
        """A time span in seconds; missing is 0."""
        value = self._values.get(name, 0)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise ControlError(f"field {name!r} must be a number of seconds, not {value!r}")
        return float(value)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; has to be there when no default is given."""
        value = self._values.get(name, default)
        if value is None:
            raise ControlError(f"field {name!r} is missing")
        if not isinstance(value, str):
            raise ControlError(f"field {name!r} must be a text, not {value!r}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._values.get(name, default)
        if not isinstance(value, bool):
            raise ControlError(f"field {name!r} must be true or false, not {value!r}")
        return value

    def raw(self, name: str) -> Any:
        """The field as it came, or None."""
        return self._values.get(name)


async def read_body(request: Request) -> Body:
    """The JSON object of a control request; an empty body is an empty object."""
    raw = await request.body()
    try:
        values = json.loads(raw or b"{}")
    except ValueError as error:
        raise ControlError(f"the body is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise ControlError("the body must be a JSON object")
    return Body(values)
