"""What people say for a choice; and that "not" and "once a week" are not the opposite of what they mean."""

from __future__ import annotations

import pytest

from flows.guide.synonyms import FOLDER, choices_said, mistakes, negated

LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
SAID = [
    ("de", "rhythm", "einmal", ["once"]),
    ("de", "rhythm", "einmal pro Woche", ["regular"]),
    ("de", "district", "am liebsten in Biebrich", ["Biebrich"]),
    ("de", "needs", "Küche und Parkplätze", ["kitchen", "parking"]),
    ("de", "needs", "keine Küche", []),
    ("en", "rhythm", "once a week", ["regular"]),
    ("en", "needs", "a kitchen, no noise", []),
    ("tr", "needs", "mutfak ve otopark", ["kitchen", "parking"]),
    ("uk", "district", "центр", ["Mitte"]),
    ("pl", "rhythm", "raz w tygodniu", ["regular"]),
    ("pl", "needs", "bez schodów", ["step_free"]),
    ("fa", "contact", "همین‌جا", ["here"]),
    ("ru", "rhythm", "не регулярно", []),
]


@pytest.mark.parametrize(("language", "slot", "text", "choices"), SAID)
def test_a_choice_in_other_words_is_understood(language: str, slot: str, text: str, choices: list[str]) -> None:
    assert sorted(choices_said("room_request", slot, text, language)) == sorted(choices)


def test_a_wish_to_change_something_is_no_yes_under_the_summary() -> None:
    text = "хочу изменить дату, потом отправить"
    assert choices_said("room_request", "check", text, "ru", whole=True) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_name_only_what_there_is_and_nothing_twice(language: str) -> None:
    assert list(mistakes([language])) == []
    assert (FOLDER / f"{language}.yml").exists()


TURNED = {"de": "kein Saal", "en": "we don't want that", "ar": "لا أريد", "uk": "не тут", "fa": "نه آنجا"}


@pytest.mark.parametrize("language", TURNED)
def test_a_word_that_turns_an_answer_round_is_known(language: str) -> None:
    assert negated(TURNED[language], language)
    assert not negated("Biebrich", language)


def test_wanting_is_no_negation_because_not_wanting_is_one() -> None:
    wanted = choices_said("room_request", "needs", "آشپزخانه و میز و صندلی می‌خواهیم", "fa")
    assert sorted(wanted) == ["kitchen", "tables"]


def test_no_said_twice_is_still_no() -> None:
    assert choices_said("funding_finder", "registered", "لا لسا ما سجلنا", "ar") == ["no"]
