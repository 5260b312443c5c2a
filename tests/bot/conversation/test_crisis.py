"""Crisis words: found however they are typed, and not where nobody is in danger."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.conversation.crisis import CrisisFileError, CrisisWords, plain, read_phrases
from bot.settings import ROOT
from knowledge.library import Library
from tests.bot.conftest import LANGUAGES

PHRASES = read_phrases(ROOT / "knowledge" / "crisis.yml")
WORDS = CrisisWords(PHRASES)

IN_DANGER = {
    "de": ["Ich will nicht mehr leben.", "ICH WILL STERBEN", "ich denke oft an selbstmord", "Ich bring mich um!!",
           "hilfe, mein mann schlägt mich", "er hat ein MESSER und steht vor der tür", "ich möchte mir was antun",
           "habe Suizidgedanken, was soll ich tun", "jemand bricht gerade ein", "HILFE unser haus brennt",
           "meine mutter atmet nicht mehr"],
    "en": ["i want to die", "I'm going to kill myself", "I don’t want to live anymore", "dont want to live any more",
           "he has a knife, please help", "my husband is beating me right now", "i've been thinking about suicide",
           "he said he will kill me", "someone is breaking in", "help our house is burning",
           "my baby isn’t breathing"],
    "tr": ["ölmek istiyorum", "olmek istiyorum artik", "kendimi öldüreceğim", "KENDİMİ ÖLDÜRECEĞİM",
           "intihar düşünüyorum", "kocam beni dövüyor yardım edin", "adamın elinde bıçak var",
           "yaşamak istemiyorum artık", "bana saldırıyorlar", "evimiz yaniyor", "bebeğim nefes almıyor"],
    "ar": ["أريد أن أموت", "اريد ان اموت", "بدي موت", "أفكر في الانتحار", "معه سكين ساعدوني", "زوجي يضربني",
           "جوزي بيضربني", "بدي اقتل حالي", "يهددني بالقتل", "بيتنا يحترق", "أخي فاقد الوعي"],
    "ru": ["Я не хочу больше жить", "хочу умереть", "думаю о самоубийстве", "ПОКОНЧУ С СОБОЙ", "муж меня бьёт помогите",
           "он угрожает меня убить", "ko mne lomyatsya v dver", "меня сейчас убьют", "Квартира горит!",
           "ребёнок не дышит"],
    "uk": ["Я не хочу більше жити", "хочу померти", "думаю про самогубство", "ВКОРОЧУ СОБІ ВІКУ", "чоловік мене б'є",
           "він погрожує мене вбити", "чоловік мене бʼє допоможіть", "хата горить рятуйте", "дитина не дихає"],
    "pl": ["Nie chcę już żyć", "nie chce juz zyc", "chcę umrzeć", "myślę o samobójstwie", "ZABIJĘ SIĘ",
           "mąż mnie bije, pomocy", "on ma nóż", "pali sie u nas", "dziecko nie oddycha"],
    "fa": ["دیگر نمی‌خواهم زنده باشم", "میخواهم بمیرم", "به خودکشی فکر می‌کنم", "خودم را می‌کشم", "شوهرم مرا می‌زند",
           "چاقو دارد کمک کنید", "خونه‌مون آتیش گرفته", "بچه‌ام نفس نمی‌کشه"],
}  # fmt: skip
HARMLESS = [
    "Unser Verein stirbt aus, wir brauchen Mitglieder", "Ich lache mich tot", "Wir haben ein Messer-Set für die Küche",
    "Er schlägt mich als Kassenwart vor", "Ich will hier nicht mehr wohnen", "Wir brechen die Sitzung ab",
    "Suizidprävention: gibt es dafür Förderung?", "Wir wollen einen Verein für das Leben nach der Flucht gründen",
    "our project is dying", "my chairman will kill me if the form is late", "I was attacked last year at work",
    "the deadline is killing us", "we want to live together in peace", "can we cut cake in the rented room?",
    "bu evde yaşamak istemiyorum", "proje öldü", "Wiesbaden'de yaşamak istiyorum", "ölçü ne kadar",
    "наш проект умирает", "хочу жить в Висбадене", "наш проєкт помирає", "хочу жити у Вісбадені", "nasz projekt umiera",
    "chcę mieszkać w Wiesbaden", "پروژه ما مرد", "می‌خواهم در ویسبادن زندگی کنم",
    "Das Thema brennt uns unter den Nägeln", "Es brennt noch Licht im Saal", "the fire alarm in our room is broken",
    "mum yanıyor", "у нас горит срок", "у нас горить дедлайн", "pali nam się termin", "شمع می‌سوزد",
    "ما بدي عيش هون", "أريد أن أعيش في فيسبادن", "المشروع مات", "كم سكينا نحتاج للمطبخ", "",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_in_danger_is_overheard(language: str) -> None:
    assert [text for text in IN_DANGER[language] if not WORDS.found_in(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_found_inside_a_sentence_however_it_is_typed(language: str) -> None:
    for phrase in PHRASES[language]:
        for text in (f"… {phrase}!", f"x {phrase.upper()} x", f"a\n{plain(phrase)}, b"):
            assert WORDS.found_in(text), text


@pytest.mark.parametrize("text", ["intihr etmek istiyrm", "ich denke an selbstmrod", "это самоубийсво"])
def test_a_slip_of_the_finger_hides_no_danger(text: str) -> None:
    assert WORDS.found_in(text)


@pytest.mark.parametrize("text", ["derneğimizle iftihar ediyoruz", "the suite is booked", "قرار الانتشار"])
def test_another_word_is_no_slip(text: str) -> None:
    assert not WORDS.found_in(text)


def test_harmless_messages_raise_no_alarm() -> None:
    assert [text for text in HARMLESS if WORDS.found_in(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_and_no_answer_of_the_content_raises_an_alarm(library: Library, language: str) -> None:
    entries = [entry for topic in library.topics for entry in library.entries(topic, language)]
    texts = {f"{entry.id}: {text}" for entry in entries for text in (entry.question, entry.text, entry.steps or "")}
    assert [text for text in texts if WORDS.found_in(text)] == []


def examples(path: Path) -> dict[str, list[str]]:
    """Intent -> examples of a file of training data."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # 20 times as fast as safe_load
    return {item["intent"]: [line.removeprefix("- ") for line in item["examples"].splitlines()]
            for item in document["nlu"]}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_of_an_ordinary_question_raises_an_alarm(language: str) -> None:
    alarms, seen = [], 0
    for path in sorted((ROOT / "nlu" / "data" / language).glob("*.yml")):
        for intent, lines in examples(path).items():
            seen += len(lines)
            alarms += [f"{intent}: {line}" for line in lines if intent != "crisis" and WORDS.found_in(line)]
    assert seen > 500
    assert alarms == []


@pytest.mark.parametrize("text", ["", "de: nothing", "de: []", "de: ['?!']", "- a", "de: [1]", "{", "\x00"])
def test_a_list_that_cannot_be_read_stops_the_bot_with_a_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "crisis.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CrisisFileError, match="crisis.yml"):
        read_phrases(path)
    with pytest.raises(CrisisFileError):
        read_phrases(tmp_path / "missing.yml")
