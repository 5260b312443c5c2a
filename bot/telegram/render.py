"""From replies to the Bot API's own terms: text with tags, keyboards, method and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from bot.conversation.content import Content
from bot.conversation.relayed import read_stored
from bot.conversation.replies import (
    Answer,
    Buttons,
    ContactCard,
    Data,
    Explanation,
    File,
    Filled,
    Lines,
    Part,
    Phrase,
    Quote,
    Reply,
    Rows,
)
from bot.documents.stored import to_json
from bot.locales import Locales, bidi
from bot.locales.values import fill_in
from bot.telegram.deeplinks import address, link
from bot.telegram.markup import plain, split, to_html
from bot.telegram.outbox import ENTRIES
from knowledge.library import Library
from knowledge.model import SMALLTALK, SOURCE_LANGUAGE, Contact, Detail, Entry, Term

Call = tuple[str, dict[str, Any]]
"""A Bot API method and its parameters, without the chat."""

NO_BUTTONS: dict[str, Any] = {"inline_keyboard": []}
MARKS = {"phone": "☎", "email": "✉", "web": "🌐", "address": "📍", "hours": "🕘"}


class Renderer:
    """Turns what was decided into what is sent. `bot_name`: for links into the chat; none are made without it."""

    def __init__(
        self, locales: Locales, content: Content, today: Callable[[], date],
        bot_name: Callable[[], str | None] = lambda: None,
    ) -> None:  # fmt: skip
        self._locales = locales
        self._content = content
        self._today = today
        self._bot_name = bot_name

    @property
    def _library(self) -> Library:
        return self._content.library

    def say(self, phrase: Phrase, language: str) -> str:
        """A phrase as HTML; whatever fills its blanks is escaped."""
        return self._locales.say(language, phrase.key, self._escaped(phrase.params, language))

    def _escaped(self, params: Mapping[str, Any], language: str) -> dict[str, Any]:
        def value(item: Any) -> Any:
            if isinstance(item, Phrase):
                return self.say(item, language)
            return escape(item, quote=False) if isinstance(item, str) else item

        return {name: value(item) for name, item in params.items()}

    def calls(self, reply: Reply) -> list[Call]:
        """The calls that show a reply: an edit if it replaces a message, else one message or, if long, several."""
        pieces = split(self.body(reply.parts, reply.language))
        calls: list[Call] = [("sendMessage", _message(piece)) for piece in pieces]
        calls[-1][1]["reply_markup"] = self.keyboard(reply.rows, reply.language)
        if reply.replace is not None:
            # What does not fit into one message goes on below it.
            calls[0] = ("editMessageText", {"reply_markup": NO_BUTTONS, **calls[0][1], "message_id": reply.replace})
        return calls

    def entries(self, parts: Sequence[Part]) -> dict[str, Any]:
        """What goes into a payload, so that these parts are sent only while their entries hold (E56).

        A fixed text, such as the one for a crisis, is sent in any case: silence would be worse.
        """
        entries = [self._library.entry(part.entry_id, SOURCE_LANGUAGE) for part in parts if isinstance(part, Answer)]
        shown = {entry.id: entry.version for entry in entries if entry.topic != SMALLTALK}
        return {ENTRIES: shown} if shown else {}

    def body(self, parts: Sequence[Part], language: str) -> str:
        """Several parts below one another, as HTML."""
        return "\n\n".join(self._part(part, language) for part in parts)

    def buttons_call(self, change: Buttons) -> Call:
        """The call that changes the buttons under a message."""
        markup = self.keyboard(change.rows, change.language)
        return "editMessageReplyMarkup", {"message_id": change.message_id, "reply_markup": markup}

    def file_call(self, file: File | Data) -> Call:
        """The call that sends a document; it becomes a PDF, or JSON, only when it is sent."""
        caption = bidi.arrange(self.say(file.caption, file.language), file.language)
        document: dict[str, Any] = {"name": f"{file.name}.json"}
        if isinstance(file, Data):
            document["content"] = dict(file.content)
        else:
            document = {"name": f"{file.name}.pdf", "pages": to_json(file.document)}
        return "sendDocument", {"document": document, "caption": caption, "parse_mode": "HTML"}

    def keyboard(self, rows: Rows, language: str) -> dict[str, Any]:
        """An inline keyboard; labels are plain text for Telegram."""
        return {"inline_keyboard": [
            [{"text": self._label(button.label, button.language or language),
              "callback_data": button.action.encode()} for button in row]
            for row in rows
        ]}  # fmt: skip

    def _label(self, label: Phrase | str, language: str) -> str:
        text = label if isinstance(label, str) else plain(self.say(label, language))
        return f"{bidi.RLM}{bidi.isolate(text)}" if bidi.is_rtl(language) else text

    def _part(self, part: Part, language: str) -> str:
        """A part as HTML, arranged for the direction of its language."""
        if isinstance(part, Phrase):
            return bidi.arrange(self.say(part, language), language)
        if isinstance(part, Lines):
            return bidi.arrange("\n".join(self.say(phrase, language) for phrase in part.phrases), language)
        if isinstance(part, Explanation):
            return bidi.arrange(self._explanation(part.term_id, language), language)
        if isinstance(part, Quote):
            return escape(part.text, quote=False)
        if isinstance(part, Filled):
            return bidi.arrange(escape(self._filled(part, language), quote=False), language)
        if isinstance(part, ContactCard):
            return bidi.arrange(self._contacts([self._library.contact(part.contact_id)], language), language)
        entry = self._library.entry(part.entry_id, language)
        if entry.topic == SMALLTALK:
            # A fixed text, such as the one for a crisis, says all that is to be said.
            return bidi.arrange(to_html(entry.text), language)
        return self._steps(entry, language) if part.part == "steps" else self._answer(entry, language)

    def _filled(self, part: Filled, language: str) -> str:
        phrase = self._library.phrases.get(part.phrase_id)
        return fill_in(self._locales, language, phrase, read_stored(phrase, part.blanks))

    def _explanation(self, term_id: str, language: str) -> str:
        term = self._library.glossary.term(term_id, language)
        line = _explained(term)
        if term.language == language:
            return line
        return f"{line}\n\n<i>{self.say(Phrase('answer.other_language'), language)}</i>"

    def _steps(self, entry: Entry, language: str) -> str:
        return self._linked(entry, entry.steps or "", language)

    def _linked(self, entry: Entry, markdown: str, language: str) -> str:
        """Question and text; the German key words in the text open the glossary."""
        head = bidi.arrange(f"<b>{escape(entry.question, quote=False)}</b>", language)
        text, name = bidi.arrange(to_html(markdown), language), self._bot_name()
        if name:
            glossary = self._library.glossary
            terms = [glossary.term(id, SOURCE_LANGUAGE) for id in entry.keywords]
            text = link(text, {address(name, term): glossary.spellings(term.id) for term in terms})
        return f"{head}\n\n{text}"

    def _answer(self, entry: Entry, language: str) -> str:
        """Question, text, where to get counsel, whom to ask, German key words, and how far it can be relied on."""
        blocks: list[str] = []
        if entry.counsel:
            blocks.append(self.say(Phrase("answer.counsel"), language))
        contacts = [self._library.contact(id) for id in entry.contacts]
        if contacts:
            blocks.append(self._contacts(contacts, language))
        if entry.keywords and language != SOURCE_LANGUAGE:
            lines = [_explained(self._library.glossary.term(id, language)) for id in entry.keywords]
            title = self.say(Phrase("answer.keywords"), language)
            blocks.append(f"<blockquote expandable>{title}\n" + "\n".join(lines) + "</blockquote>")
        blocks.append("\n".join(self._footer(entry, language)))
        below = bidi.arrange("\n\n".join(blocks), language)
        return f"{self._linked(entry, entry.text, language)}\n\n{below}"

    def _footer(self, entry: Entry, language: str) -> list[str]:
        lines = [self.say(Phrase("answer.as_of", {"date": self._locales.as_of(language, entry.as_of)}), language)]
        if entry.expired(self._today()):
            lines.append(self.say(Phrase("answer.being_checked"), language))
        if entry.language != language:
            lines.append(self.say(Phrase("answer.other_language"), language))
        elif entry.status.value in {"draft", "outdated"}:
            lines.append(self.say(Phrase(f"answer.{entry.status.value}"), language))
        return [f"<i>{line}</i>" for line in lines]

    def _contacts(self, contacts: list[Contact], language: str) -> str:
        lines = [self.say(Phrase("answer.contacts"), language)]
        lines += [self._contact(contact, language) for contact in contacts]
        if any(not contact.details for contact in contacts):
            lines.append(f"<i>{self.say(Phrase('answer.contact_to_fill'), language)}</i>")
        return "\n".join(lines)

    def _contact(self, contact: Contact, language: str) -> str:
        about = contact.about.get(language) or contact.about.get("en") or contact.about.get("de", "")
        name = f"• <b>{escape(contact.name, quote=False)}</b>"
        lines = [f"{name} – {escape(about, quote=False)}" if about else name]
        lines += [f"   {MARKS[kind]} {_address(kind, detail)}" for kind, detail in contact.details.items()]
        return "\n".join(lines)


def _explained(term: Term) -> str:
    """The German word, what the reader's language calls it, and what it means."""
    own = "" if term.base in term.id else f" ({escape(term.base, quote=False)})"
    return f"<b>{escape(term.id, quote=False)}</b>{own} – {escape(term.explanation, quote=False)}"


def _address(name: str, detail: Detail) -> str:
    value = escape(detail.value, quote=False)
    if name != "web":
        return value
    address = detail.value if "://" in detail.value else f"https://{detail.value}"
    return f'<a href="{escape(address)}">{value}</a>'


def _message(html: str) -> dict[str, Any]:
    return {"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}

