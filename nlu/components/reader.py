"""Step 1: cuts a message into words with spaCy's blank pipeline of its language and brings them to one spelling."""

from __future__ import annotations

from functools import cache
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from nlu.text import is_word, language_of, normalise

WORDS = "words"
"""What this step adds to a message for the next one: its normalised words, joined by blanks."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Reader(Tokenizer):
    """A Rasa tokenizer whose tokens carry the original text and, as lemma, the normalised one."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer options, which this one does not use but the base class reads."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read the texts of all examples; Rasa's own way cuts up labels and names of actions as well.

        Of examples only the words are wanted: 700,000 tokens with their offsets would take longer than the reading.
        """
        for example in training_data.training_examples:
            text = example.get(TEXT)
            if text:
                example.set(WORDS, words(text, _note_language(example, text)))
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of `attribute`, and the language they were read in as part of what is understood."""
        text: str = message.get(attribute)
        found = read(text, _note_language(message, text))
        message.set(WORDS, " ".join(lemma for _, _, lemma in found))
        return [Token(word, start, lemma=lemma) for word, start, lemma in found]


def _note_language(message: Message, text: str) -> str:
    language = language_of(text, (message.get("metadata") or {}).get("language"))
    message.set("language", language, add_to_output=True)
    return language


def read(text: str, language: str) -> list[tuple[str, int, str]]:
    """The words of `text` as (as written, offset, normalised)."""
    cut = ((token.text, token.idx, normalise(token.text, language)) for token in pipeline(language).make_doc(text))
    return [word for word in cut if is_word(word[2])]


def words(text: str, language: str) -> str:
    """The normalised words of `text`, joined by blanks."""
    return " ".join(filter(is_word, [normalise(token.text, language) for token in pipeline(language).make_doc(text)]))


def normal_words(text: str, language: str) -> str:
    """`text`, in a chat in `language`, as the classifier sees it: normalised words joined by blanks."""
    return words(text, language_of(text, language))


@cache
def pipeline(language: str) -> Language:
    """spaCy's blank pipeline for `language`, or the one for no language in particular where spaCy has none."""
    try:
        blank = spacy.blank(language)
    except ImportError:
        blank = spacy.blank("xx")
    # It only cuts: what else spaCy notes about every new word (shape, prefix ...) takes a quarter of the reading.
    blank.vocab.lex_attr_getters = {}
    return blank
