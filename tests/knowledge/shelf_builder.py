"""Small content folders for tests: one call per file, sound unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from knowledge.library import Library, load

CONTACTS = """\
office:
  name: "Büro 2020, Amt"
  about: {de: "hilft", en: "helps", tr: "yardım eder", ar: "يساعد"}
  phone: {value: "0611 123 45", as_of: 2026-11, source: "test", verified: true}
"""
LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
TERMS = ("Verein", *(f"Wort {number}" for number in range(119)))
"""As many terms as a glossary needs at least."""


class Content:
    """A folder `knowledge/` in the making."""

    def __init__(self, top: Path) -> None:
        self.top = top / "knowledge"
        self.folder = self.top / "content"
        self.folder.mkdir(parents=True)
        self.names: dict[str, list[str]] = {}
        self.write("contacts.yml", CONTACTS)
        self.write("topics.yml", "{}\n")
        self.write("asking.yml", yaml.safe_dump({"fillers": {language: [] for language in LANGUAGES}}))

    def write(self, path: str, text: str | bytes) -> Path:
        """Put any text or bytes into a file below `knowledge/`."""
        target = self.top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return target

    def list_entry(self, id: str) -> None:
        """Name an entry in topics.yml."""
        topic, name = id.split(".")
        self.names.setdefault(topic, []).append(name)
        self.write("topics.yml", yaml.safe_dump(self.names, sort_keys=False))

    def source(self, id: str = "founding.steps", text: str = "Sie brauchen Leute.", **front: Any) -> Path:
        """A German file; `front` replaces fields, None leaves one out."""
        if id.split(".")[1] not in self.names.get(id.split(".")[0], []):
            self.list_entry(id)
        fields = {
            "id": id, "question": "Wie geht das?", "label": "So geht das", "version": 1, "as_of": "2026-11",
            "owner": "office", "review_by": "2027-05-31", "contacts": ["office"], "related": [], "sensitive": False,
            "counsel": False, "keywords": ["Verein"], "facts": [],
        }  # fmt: skip
        return self._page(id, "de", fields | front, text)

    def translation(
        self, language: str, id: str = "founding.steps", text: str = "You need people.", **front: Any
    ) -> Path:
        """A file in another language."""
        fields = {
            "id": id, "question": "How?", "label": "How", "translation_of": 1, "method": "reviewed", "reviewer": None,
        }  # fmt: skip
        return self._page(id, language, fields | front, text)

    def glossary(
        self, language: str, terms: dict[str, Any] | None = None, *, ask: Sequence[str] = (), plain: int = 0
    ) -> Path:
        """A glossary with these terms, and `plain` ones of no interest."""
        words = {id: {"explanation": "etwas"} | ({} if language == "de" else {"word": f"{language} {id}"})
                 for id in TERMS[:plain]}  # fmt: skip
        text = yaml.safe_dump({"ask": list(ask)} | words | (terms or {}), sort_keys=False, allow_unicode=True)
        return self.write(f"glossary/{language}.yml", text)

    def load(self, *languages: str) -> Library:
        """Load what has been written so far."""
        for language in ("de", *languages):
            self._with_glossary(language)
        return load(languages or ("de",), self.folder)

    def _with_glossary(self, language: str) -> None:
        """A sound glossary where there is none."""
        if not (self.top / "glossary" / f"{language}.yml").exists():
            self.glossary(language, plain=len(TERMS))

    def _page(self, id: str, language: str, fields: dict[str, Any], text: str) -> Path:
        self._with_glossary(language)
        kept = {name: value for name, value in fields.items() if value is not None}
        front = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True)
        return self.write(f"content/{id.replace('.', '/')}.{language}.md", f"---\n{front}---\n{text}\n")


def fact(value: str, kind: str = "number", id: str = "one") -> dict[str, str]:
    """A declared fact."""
    return {"id": id, "kind": kind, "value": value, "as_of": "2026-11", "source": "test"}
