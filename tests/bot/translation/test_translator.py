"""When the service is asked, and that nobody waits for one that is down."""

import pytest

from bot.translation.client import LibreTranslate, TranslationDown, TranslationRefused
from bot.translation.facts import Fact
from bot.translation.translator import FAULTS_IN_A_ROW, Translated, Translator
from tests.conftest import Clock
from tests.libretranslate import Mode, StandIn


@pytest.fixture
def translator(client: LibreTranslate, clock: Clock) -> Translator:
    return Translator(client, "de", now=clock)


async def _fail(translator: Translator, times: int) -> None:
    for _ in range(times):
        with pytest.raises(TranslationDown):
            await translator.translate("Hallo", "de", "tr")


async def test_without_a_service_nothing_is_translated(clock: Clock) -> None:
    translator = Translator(None, "de", now=clock)
    assert not translator.available
    assert await translator.translate("Hallo", "de", "tr") == Translated(None, "de", "tr")
    await translator.close()


@pytest.mark.parametrize("text", ["12:30", "👍", "24.11.2026", "۱۲۳", "  ", ""])
async def test_e49_numbers_and_pictures_are_not_translated(
    translator: Translator, service: StandIn, text: str
) -> None:  # fmt: skip
    assert (await translator.translate(text, "ar", "de")).text is None
    assert service.calls == 0


async def test_a_text_in_the_readers_own_language_is_not_translated(translator: Translator, service: StandIn) -> None:
    assert (await translator.translate("Hallo", "de", "de")).text is None
    assert service.calls == 0


async def test_a_faithful_translation_has_no_changed_facts(translator: Translator, service: StandIn) -> None:
    service.table["Kommen Sie nicht am 24.11.2026 um 10 Uhr.", "en"] = "Do not come on November 24, 2026 at 10 am."
    translated = await translator.translate("Kommen Sie nicht am 24.11.2026 um 10 Uhr.", "de", "en")
    assert translated.changed == ()


@pytest.mark.parametrize(
    ("mode", "text", "fact"),
    [
        ("change_numbers", "Das kostet 50 Euro", Fact("amount", "50 Euro", "61 Euro")),
        ("drop_negation", "Sie müssen nicht kommen", Fact("negation", "nicht", None)),
    ],
)
async def test_e54_a_changed_fact_is_named(
    translator: Translator, service: StandIn, mode: Mode, text: str, fact: Fact
) -> None:  # fmt: skip
    service.mode = mode
    service.table[text, "en"] = {"Das kostet 50 Euro": "It costs 50 Euro"}.get(text, "You do not have to come")
    assert (await translator.translate(text, "de", "en")).changed == (fact,)


async def test_names_must_be_kept(client: LibreTranslate, service: StandIn, clock: Clock) -> None:
    translator = Translator(client, "de", now=clock, names=("Weber",))
    service.table["Frau Weber und Frau Yılmaz kommen", "en"] = "The weaver and Mrs Star are coming"
    translated = await translator.translate("Frau Weber und Frau Yılmaz kommen", "de", "en", names=("Yılmaz",))
    assert translated.changed == (Fact("name", "Weber", None), Fact("name", "Yılmaz", None))


async def test_e53_a_service_that_is_down_is_not_waited_for(
    translator: Translator, service: StandIn, clock: Clock
) -> None:  # fmt: skip
    service.mode = "fail"
    await _fail(translator, FAULTS_IN_A_ROW)
    assert not translator.available
    await _fail(translator, 5)
    assert service.calls == FAULTS_IN_A_ROW
    clock.forward(seconds=59)
    assert not translator.available


async def test_after_the_pause_it_is_asked_again(translator: Translator, service: StandIn, clock: Clock) -> None:
    service.mode = "fail"
    await _fail(translator, FAULTS_IN_A_ROW)
    clock.forward(seconds=60)
    assert translator.available
    await _fail(translator, 2)
    assert service.calls == FAULTS_IN_A_ROW + 1
    clock.forward(seconds=60)
    service.mode = "work"
    assert (await translator.translate("Hallo", "de", "tr")).text == "«tr: Hallo»"
    service.mode = "fail"
    await _fail(translator, FAULTS_IN_A_ROW - 1)
    assert translator.available


async def test_a_language_the_service_lacks_is_no_fault_of_the_service(
    translator: Translator, service: StandIn
) -> None:  # fmt: skip
    service.lacking = frozenset({"fa"})
    for _ in range(FAULTS_IN_A_ROW + 1):
        with pytest.raises(TranslationRefused):
            await translator.translate("Hallo", "de", "fa")
    assert translator.available
    assert (await translator.translate("Hallo", "de", "tr")).text == "«tr: Hallo»"
