"""The client against a real server over HTTP."""

import logging

import pytest

from bot.processes import free_port
from bot.translation.client import LibreTranslate, TranslationDown, TranslationRefused
from tests.bot.translation.conftest import TIMEOUT_S
from tests.libretranslate import LANGUAGES, Mode, StandIn

SECRET = "Mein Vermieter bedroht mich"


async def test_a_text_comes_back_translated(client: LibreTranslate, service: StandIn) -> None:
    service.table["Guten Tag", "tr"] = "İyi günler"
    assert await client.translate("Guten Tag", "de", "tr") == "İyi günler"
    assert service.asked == [{"q": "Guten Tag", "source": "de", "target": "tr", "format": "text"}]


async def test_a_key_is_sent_only_if_there_is_one(service: StandIn) -> None:
    service.api_key = "k"
    with_key, without = LibreTranslate(service.url, "k", TIMEOUT_S), LibreTranslate(service.url, None, TIMEOUT_S)
    assert await with_key.translate("Hallo", "de", "en") == "«en: Hallo»"
    with pytest.raises(TranslationDown, match="HTTP 403"):
        await without.translate("Hallo", "de", "en")
    await with_key.close()
    await without.close()


@pytest.mark.parametrize(
    ("mode", "reason"), [("fail", "HTTP 500"), ("stall", "TimeoutError|ReadTimeout"), ("garbage", "JSONDecodeError")]
)
async def test_every_fault_is_the_same_error_and_tells_nothing_of_the_text(
    client: LibreTranslate, service: StandIn, mode: Mode, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    service.mode, service.stall_s = mode, 2
    with caplog.at_level(logging.DEBUG), pytest.raises(TranslationDown, match=reason) as raised:
        await client.translate(SECRET, "de", "tr")
    assert SECRET not in caplog.text + str(raised.value)


async def test_a_language_the_service_lacks_is_refused(client: LibreTranslate, service: StandIn) -> None:
    with pytest.raises(TranslationRefused, match="HTTP 400"):
        await client.translate("Hallo", "de", "so")
    service.lacking = frozenset({"fa"})
    with pytest.raises(TranslationRefused, match="HTTP 400"):
        await client.translate("Hallo", "de", "fa")


async def test_an_empty_translation_is_a_fault(client: LibreTranslate, service: StandIn) -> None:
    service.table["Hallo", "tr"] = " "
    with pytest.raises(TranslationDown, match="without a translation"):
        await client.translate("Hallo", "de", "tr")


async def test_a_server_that_is_not_there_is_a_fault() -> None:
    client = LibreTranslate(f"http://127.0.0.1:{free_port()}", None, TIMEOUT_S)
    with pytest.raises(TranslationDown, match="ConnectError"):
        await client.translate("Hallo", "de", "tr")
    await client.close()


async def test_a_proxy_of_the_environment_is_not_used(service: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = LibreTranslate(service.url, None, TIMEOUT_S)
    assert await client.translate("Hallo", "de", "tr") == "«tr: Hallo»"
    await client.close()


async def test_the_languages_of_the_service_are_known(client: LibreTranslate, service: StandIn) -> None:
    assert await client.languages() == dict.fromkeys(LANGUAGES, frozenset(LANGUAGES))
    service.mode = "garbage"
    with pytest.raises(TranslationDown):
        await client.languages()
