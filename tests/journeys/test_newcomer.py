"""Scene one: somebody new writes, in their own language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.phone import Phone

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NewPhone = Callable[..., Phone]


@pytest.mark.parametrize(
    ("language", "greeting", "founding"),
    [("de", "Willkommen", "Verein gründen"), ("en", "Welcome", "Found an association"), ("tr", "Hoş geldiniz", ""),
     ("ar", "مرحب", "")],
)  # fmt: skip
async def test_start_greets_in_the_persons_language(
    new_phone: NewPhone, language: str, greeting: str, founding: str
) -> None:
    rana = new_phone(language)
    hello = await rana.ask("/start")
    assert greeting in hello["text"]
    assert "/privacy" in hello["text"]
    assert any(founding in button["text"] for row in hello["buttons"] for button in row)
