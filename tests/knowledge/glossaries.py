"""One small glossary in eight languages, as translators write them."""

from __future__ import annotations

from typing import Any

import yaml

from tests.knowledge.shelf_builder import LANGUAGES, Content

FILLERS = {
    "de": ["bitte", "hallo", "eigentlich", "ein", "eine", "der", "die", "das", "Wort", "können Sie mir sagen"],
    "en": ["please", "a", "the", "hello"], "tr": ["lütfen", "merhaba"], "ar": ["لو سمحت", "كلمة"],
    "ru": ["пожалуйста"], "uk": ["будь ласка"], "pl": ["proszę"], "fa": ["لطفا"],
}  # fmt: skip
ASK = {
    "de": ["was ist {}", "was bedeutet {}", "was {} bedeutet", "{} was ist das"],
    "en": ["what is {}", "what does {} mean", "whats {}"],
    "tr": ["{} ne demek", "{} nedir"],
    "ar": ["ما معنى {}", "شو يعني {}", "{} شو يعني"],
    "ru": ["что такое {}", "что значит {}"],
    "uk": ["що таке {}", "що означає {}"],
    "pl": ["co to jest {}", "co znaczy {}"],
    "fa": ["{} یعنی چه", "{} چیست"],
}
SATZUNG: dict[str, tuple[str, list[str]]] = {
    "en": ("statutes", ["articles of association"]), "tr": ("tüzük", ["tüzüğü", "tüzüğün"]),
    "ar": ("النظام الأساسي", ["نظام أساسي"]), "ru": ("устав", ["устава", "уставе"]), "uk": ("статут", ["статуту"]),
    "pl": ("statut", ["statutu", "statucie"]), "fa": ("اساسنامه", ["اساس‌نامه"]),
}  # fmt: skip
FRIST = {"en": "deadline", "tr": "son tarih", "ar": "الموعد النهائي", "ru": "срок", "uk": "термін", "pl": "termin",
         "fa": "مهلت"}  # fmt: skip
GERMAN: dict[str, dict[str, Any]] = {
    "Satzung": {"explanation": "die Regeln des Vereins", "forms": ["Vereinssatzung", "Satzungen", "Statut"]},
    "eingetragener Verein (e.V.)": {
        "explanation": "ein Verein, der im Vereinsregister steht",
        "forms": ["e.V.", "eingetragenen Verein", "eingetragenen Vereins"],
    },
    "Frist": {"explanation": "bis dahin muss etwas geschehen sein", "forms": ["Fristen"]},
    "Termin": {"explanation": "ein Treffen zu einer Zeit", "forms": []},
    "Vorsitzender": {"explanation": "die erste Person im Vorstand", "forms": []},
    "Verwendungsnachweis": {"explanation": "der Bericht", "forms": [], "entry": "funding.proof_of_use"},
}


def write(content: Content) -> None:
    """The files of all languages, and two entries that need the terms."""
    content.source("founding.board", "Der Vorstand lädt zur Sitzung ein.", keywords=["Satzung"])
    content.source("founding.statutes", question="Was gehört in die Satzung?", keywords=["Satzung"])
    content.source("funding.proof_of_use", keywords=["Verwendungsnachweis"])
    asking = {"fillers": FILLERS, "lookalikes": {"de": ["Vorsitzende"]}}
    content.write("asking.yml", yaml.safe_dump(asking, allow_unicode=True))
    content.glossary("de", GERMAN, ask=ASK["de"])
    for language in LANGUAGES[1:]:
        word, forms = SATZUNG[language]
        terms: dict[str, Any] = {id: {"word": f"{language}-{number}", "explanation": f"{language}: {id}"}
                                 for number, id in enumerate(GERMAN)}  # fmt: skip
        terms["Satzung"] |= {"word": word, "forms": forms}
        terms["Frist"] |= {"word": FRIST[language]}
        content.glossary(language, terms, ask=ASK[language])
