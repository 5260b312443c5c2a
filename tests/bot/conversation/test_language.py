"""Which language a message is in: only if it says so clearly."""

from __future__ import annotations

import pytest

from bot.conversation.language import LanguageDetector, supported
from tests.bot.conftest import LANGUAGES

detector = LanguageDetector(LANGUAGES)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viele Leute brauchen wir, damit wir anfangen können?", "de"),
        ("wo kann man sich beschweren wenn der vermieter einen ablehnt", "de"),
        ("How many people do we need to get started with this?", "en"),
        ("where can i complain if the landlord refuses me", "en"),
        ("Başlamak için kaç kişiye ihtiyacımız var acaba?", "tr"),
        ("ev sahibi beni yabanci diye reddetti nereye basvurabilirim", "tr"),
        ("كم شخصاً نحتاج حتى نبدأ؟", "ar"),
        ("شو لازم نعمل", "ar"),
        ("Сколько человек нужно, чтобы начать?", "ru"),
        ("Скільки людей потрібно, щоб почати?", "uk"),
        ("Ilu ludzi potrzebujemy, żeby zacząć?", "pl"),
        ("برای شروع به چند نفر نیاز داریم؟", "fa"),
    ],
)
def test_a_clear_sentence_is_recognised(text: str, language: str) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize("text", ["مرحبا", "؟ قاعة", "شكرا!", "أريد تأسيس Verein"])
def test_the_arabic_script_decides_even_a_word(text: str) -> None:
    assert detector.detect(text) == "ar"


@pytest.mark.parametrize(
    "text",
    ["Hi", "ok", "Hola", "hello", "Raum?", "merhaba", "12.05.2027", "+49 611 31-0", "👍👍👍", "", "   ", "?!…",
     "Danke schön", "how much money"],
)  # fmt: skip
def test_short_or_wordless_messages_keep_the_chats_language(text: str) -> None:
    assert detector.detect(text) is None


@pytest.mark.parametrize(
    "text",
    ["Verein, Satzung, Vorstand, Antrag, Förderung", "Vereinsgründung Vereinsregister Ausländerbeirat",
     "e.V. Satzung Notar Amtsgericht Koordinierungsstelle"],
)
def test_german_loan_words_alone_say_nothing(text: str) -> None:
    assert detector.detect(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Satzung için Notar gerekiyor mu, Verein kurmak istiyoruz arkadaşlarla", "tr"),
        ("do we need a Satzung and a Vorstand before we ask for Förderung", "en"),
        ("هل نحتاج إلى Satzung و Vorstand و Notar قبل التسجيل", "ar"),
    ],
)
def test_german_words_inside_a_sentence_do_not_change_its_language(text: str, language: str) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize(
    "text",
    ["Колко души са нужни, за да основем сдружение?", "Combien de personnes faut-il pour fonder une association ?",
     "asdf qwer yxcv uiop hjkl zrtb mnbv"],
)  # fmt: skip
def test_what_the_bot_does_not_speak_is_not_guessed(text: str) -> None:
    assert detector.detect(text) is None


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("DE-at", "de"), ("en-US", "en"), ("ar", "ar"), ("pt-br", None), ("", None), (None, None)],
)
def test_telegrams_language_code_is_read_without_its_region(code: str | None, language: str | None) -> None:
    assert supported(code, LANGUAGES) == language


@pytest.mark.parametrize(
    ("text", "chat", "language"),
    [("سلام", "fa", None), ("شكرا", "fa", None), ("چطور", "ar", None), ("چطور", "de", "fa"), ("Дякую", "ru", None),
     ("Що це?", "de", "uk"), ("Это что?", "de", "ru"), ("У нас достатньо борошна?", "uk", None)],
)  # fmt: skip
def test_short_texts_in_a_shared_script_keep_the_chats_language(text: str, chat: str, language: str | None) -> None:
    assert detector.detect(text, chat) == language


@pytest.mark.parametrize(
    ("text", "chat", "language"),
    [("Скільки людей потрібно, щоб почати?", "ru", "uk"), ("Сколько человек нужно, чтобы это начать?", "uk", "ru"),
     ("برای ثبت انجمن به چه چیزهایی نیاز داریم؟", "ar", "fa"), ("ماذا نحتاج لتسجيل الجمعية في المحكمة؟", "fa", "ar")],
)  # fmt: skip
def test_neighbours_are_told_apart_by_letters_of_their_own(text: str, chat: str, language: str) -> None:
    assert detector.detect(text, chat) == language
