"""Telegram's HTML: the tag subset, its errors word for word, and entities counted in UTF-16 units."""

import re
from dataclasses import dataclass, field

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.state import Json

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LANGUAGE_CLASS = "language-"
# No name with "&" or "<" in it stands for anything, so what is escaped can be found run by run.
ESCAPED = re.compile(r"&([^;&<]{0,10});")
SPACES = re.compile(r"\s+")
TAG_NAME = re.compile(r"[^\s>]+")
ATTRIBUTE_NAME = re.compile(r"[^\s=>]+")
BARE_VALUE = re.compile(r"(?:[^\W_]|[-.])+")


def utf16_length(text: str) -> int:
    """The length Telegram counts entity offsets in: characters beyond the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram HTML; raises `ApiError` "can't parse entities: ..." as Telegram does."""
    return _Parser(source).run()


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    length: int = 0
    pieces: list[str] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        """The visible text and its entities. Raises what Telegram would answer, if the tags are wrong."""
        while self.position < len(self.source):
            if self._here() != "<":
                self._emit(_unescaped(self._until("<")))
            elif self.source.startswith("</", self.position):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _here(self) -> str:
        return self.source[self.position : self.position + 1]

    def _emit(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self.source[:position].encode())}"

    def _until(self, sign: str) -> str:
        """All that comes before a sign, or all the rest."""
        begin, end = self.position, self.source.find(sign, self.position)
        self.position = len(self.source) if end < 0 else end
        return self.source[begin : self.position]

    def _take(self, pattern: re.Pattern[str]) -> str:
        """What fits the pattern from here on, be it nothing."""
        found = pattern.match(self.source, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found[0]

    def _start_tag(self) -> None:
        begin = self.position
        self.position += 1
        tag = self._take(TAG_NAME).lower()
        if not self._here():
            raise _broken(f"Unclosed start tag {self._at(begin)}")
        if tag not in TAGS:
            raise _broken(f'Unsupported start tag "{tag}" {self._at(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        self.stack.append(_Open(tag, self.length, attributes))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._take(SPACES)
            if self._here() == ">":
                self.position += 1
                return found
            name = self._take(ATTRIBUTE_NAME).lower()
            if not name and self._here():
                raise _broken(f'Empty attribute name in the tag "{tag}" {self._at(begin)}')
            self._take(SPACES)
            if self._here() != "=":
                if not self._here():
                    raise _broken(f'Unclosed start tag "{tag}" {self._at(begin)}')
                found[name] = ""
                continue
            self.position += 1
            self._take(SPACES)
            if not self._here():
                raise _broken(f'Unclosed start tag "{tag}" {self._at(begin)}')
            found[name] = self._value(begin)

    def _value(self, begin: int) -> str:
        quote = self._here()
        if quote not in "\"'":
            start = self.position
            value = self._take(BARE_VALUE).lower()
            if self._here() != ">" and not self._here().isspace():
                raise _broken(f"Unexpected end of name token {self._at(start)}")
            return value
        self.position += 1
        value = _unescaped(self._until(quote))
        if not self._here():
            raise _broken(f"Unclosed start tag {self._at(begin)}")
        self.position += 1
        return value

    def _end_tag(self) -> None:
        begin = self.position
        if not self.stack:
            raise _broken(f"Unexpected end tag {self._at(begin)}")
        self.position += 2
        tag = self._take(TAG_NAME).lower()
        self._take(SPACES)
        if self._here() != ">":
            raise _broken(f"Unclosed end tag {self._at(begin)}")
        self.position += 1
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            raise _broken(f'Unmatched end tag {self._at(begin)}, expected "</{opened.tag}>", found "</{tag}>"')
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.length - opened.start
        if length == 0:
            return
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.start, "length": length}
        if opened.tag == "pre":
            self._take_over_code(entity)
        if opened.tag == "code" and opened.attributes.get("class", "").startswith(LANGUAGE_CLASS):
            entity["language"] = opened.attributes["class"].removeprefix(LANGUAGE_CLASS)
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        if opened.tag == "a" and not self._link(entity, opened):
            return
        self.entities.append(entity)

    def _take_over_code(self, block: Json) -> None:
        """A block that is code from end to end is one entity, in that code's language."""
        code = next((e for e in self.entities if _same_span(e, block) and e["type"] == "code"), None)
        if code is not None:
            self.entities.remove(code)
            if "language" in code:
                block["language"] = code["language"]

    def _link(self, entity: Json, opened: _Open) -> bool:
        """Give a link its address; a link without a usable address is only text, as on Telegram."""
        url = opened.attributes.get("href") or _slice("".join(self.pieces), opened.start)
        if "." not in url and "://" not in url and not url.startswith(("tg:", "mailto:", "tel:")):
            return False
        entity["url"] = url if ":" in url.split("/", 1)[0] else f"http://{url}"
        return True


def _slice(text: str, start: int) -> str:
    return text.encode("utf-16-le")[2 * start :].decode("utf-16-le")


def _same_span(one: Json, other: Json) -> bool:
    return bool(one["offset"] == other["offset"] and one["length"] == other["length"])


def _unescaped(text: str) -> str:
    """Decode `&lt;` and its kin; unknown names stay as they are."""
    return ESCAPED.sub(lambda found: _decode(found[1]) or found[0], text) if "&" in text else text


def _decode(name: str) -> str:
    if not name.startswith("#"):
        return NAMED.get(name, "")
    digits, base = (name[2:], 16) if name[1:2] in ("x", "X") else (name[1:], 10)
    try:
        code = int(digits, base)
    except ValueError:
        return ""
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _broken(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
