"""Reading Bot API requests: query string, form, multipart or JSON, into typed parameters."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from starlette.requests import Request

from bot.simulator.errors import bad_request

TRUE_WORDS = frozenset({"true", "1", "yes"})
ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    mime: str
    data: bytes


class Params:
    """Parameters of one call. Forms carry text and JSON may carry values; both are understood."""

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}
        self._uploads = uploads or {}

    def text(self, name: str, default: str = "") -> str:
        """The parameter as text."""
        return str(self._values.get(name, default))

    def maybe_text(self, name: str) -> str | None:
        """The parameter as text, or None when it was not given."""
        return str(self._values[name]) if name in self._values else None

    def maybe_number(self, name: str) -> int | None:
        """The parameter as a whole number, or None when missing; raises `ApiError` for other text."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(str(value))
        except ValueError as error:
            raise bad_request(f"invalid {name} specified") from error

    def number(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number."""
        value = self.maybe_number(name)
        return default if value is None else value

    def flag(self, name: str) -> bool:
        """The parameter as a boolean; missing is False."""
        return self.text(name).lower() in TRUE_WORDS

    def data(self, name: str) -> Any:
        """The parameter as JSON, or None when missing; raises `ApiError` when it cannot be read."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name, directly or through an `attach://` reference."""
        return self._uploads.get(name) or self.attached(self._values.get(name))

    def attached(self, reference: Any) -> Upload | None:
        """The file an `attach://name` value points to."""
        if isinstance(reference, str) and reference.startswith(ATTACHED):
            return self._uploads.get(reference.removeprefix(ATTACHED))
        return None

    def drop(self, name: str) -> None:
        """Act as if a parameter had not been given."""
        self._values.pop(name, None)


async def read_params(request: Request) -> Params:
    """All parameters of a request; raises `ApiError` 400 when its body cannot be read."""
    values: dict[str, Any] = dict(request.query_params) if request.scope["query_string"] else {}
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not body:
        return Params(values)
    if kind.startswith("application/json"):
        return Params(values | _json_object(body))
    if kind.startswith("multipart/form-data"):
        fields, uploads = parse_multipart(kind, body)
        return Params(values | fields, uploads)
    try:
        return Params(values | parse_form(body.decode()))
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error


def parse_form(body: str) -> dict[str, str]:
    """Fields of a form; one that comes twice counts as it came last."""
    fields = (field.partition("=") for field in body.split("&") if field)
    return {_unescaped(name): _unescaped(value) for name, _, value in fields}


def _unescaped(text: str) -> str:
    """As `unquote_plus` does. That goes from escape to escape, and texts in Arabic are nothing but escapes."""
    if "%" not in text:
        return text.replace("+", " ")
    escaped = text.encode().replace(b"+", b" ").replace(b"\\", b"%5C").replace(b"%", b"\\x")
    try:
        return escaped.decode("unicode_escape").encode("latin-1").decode(errors="replace")
    except UnicodeDecodeError:  # a lone "%" stays as it is
        return unquote_plus(text)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("object expected as the request body")
    return value


def parse_multipart(content_type: str, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Fields and files of a multipart form; raises `ApiError` 400 without a boundary."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type)
    if boundary is None:
        raise bad_request("boundary not found in multipart/form-data")
    fields: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:]:
        head, gap, data = part.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if not gap or name is None:
            continue
        filename = re.search(rb'filename="([^"]*)"', head)
        if filename is None:
            fields[name[1].decode()] = data.decode()
            continue
        mime = re.search(rb"(?i)content-type: *([^\r\n;]+)", head)
        uploads[name[1].decode()] = Upload(
            filename[1].decode(), mime[1].decode() if mime else "application/octet-stream", data
        )
    return fields, uploads
