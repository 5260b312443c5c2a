"""The one door to the translation service (LibreTranslate's API, self-hosted)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

TOO_MANY = 429
"""The status with which the service asks for a pause, whatever the text."""


class TranslationDown(Exception):
    """The service does not answer, not in time, or not in a form that can be used; `reason` never holds the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TranslationRefused(TranslationDown):
    """The service works, but not for this text or this pair of languages."""


class LibreTranslate:
    """A client of `POST /translate` and `GET /languages`, as LibreTranslate's `libretranslate/app.py` serves them."""

    def __init__(self, url: str, api_key: str | None, timeout: float) -> None:
        """`url`: where the service stands, with its prefix if it has one; `timeout`: seconds for a whole request."""
        self._timeout = timeout
        self._key = {"api_key": api_key} if api_key else {}
        # A proxy named in the environment would see what people write.
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False)

    async def translate(self, text: str, source: str, target: str) -> str:
        """`text` in the language `target` (codes as in `/languages`). Raises `TranslationDown` on any fault."""
        question = {"q": text, "source": source, "target": target, "format": "text", **self._key}
        answer = await self._ask("POST", "/translate", question)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, str) or not translated.strip():
            raise TranslationDown("answer without a translation")
        return translated

    async def languages(self) -> dict[str, frozenset[str]]:
        """From each language's code to the codes it can be translated into. Raises `TranslationDown` on any fault."""
        answer = await self._ask("GET", "/languages")
        try:
            return {language["code"]: frozenset(language.get("targets", ())) for language in answer}
        except (TypeError, KeyError, AttributeError):
            raise TranslationDown("answer without languages") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, method: str, path: str, question: dict[str, str] | None = None) -> Any:
        try:
            # httpx's own limit is one for each wait, and a service that drips would never reach it.
            async with asyncio.timeout(self._timeout):
                response = await self._http.request(method, path, json=question)
            response.raise_for_status()
            return response.json()
        except httpx.HTTPStatusError as error:
            # What the service says about a fault may quote the text; the status is enough.
            raise _fault(error.response.status_code) from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            raise TranslationDown(type(error).__name__) from None


def _fault(status: int) -> TranslationDown:
    refused = 400 <= status < 500 and status != TOO_MANY
    return (TranslationRefused if refused else TranslationDown)(f"HTTP {status}")
