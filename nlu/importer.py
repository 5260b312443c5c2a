"""Reads the examples of every language and makes intent, response and rule of each catalogue entry found in them.

A new entry therefore needs its content and examples in `nlu/data/<lang>/<topic>.yml`, nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from nlu.examples import Example, read_examples


class CatalogueImporter(RasaFileImporter):
    """Rasa's file importer for the domain and rules in `flows/`, joined by the catalogue entries of `nlu/data`."""

    _story_files: list[str]
    _conversation_test_files: list[str]

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        # Rasa takes test stories that lie beside the rules for training data.
        self._story_files = [path for path in self._story_files if path not in self._conversation_test_files]

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples, each with the language of its folder in its metadata, as the bot's messages have it."""
        return TrainingData(list(_messages(self._data())))

    @cached_method
    def get_domain(self) -> Domain:
        """The domain in `flows/` plus an intent and a response for every entry."""
        return super().get_domain().merge(Domain.from_dict(entries_domain(self.entries())))

    @cached_method
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules in `flows/` plus one for every entry."""
        reader = YAMLStoryReader(self.get_domain(), source_name="nlu/data")
        rules = reader.read_from_parsed_yaml(entries_rules(self.entries()))
        return super().get_stories(exclusion_percentage).merge(StoryGraph(rules))

    def entries(self) -> list[str]:
        """The ids of all catalogue entries with examples, sorted. Smalltalk labels have no topic and are left out."""
        return sorted(intent for intent in self.get_nlu_data().intents if "." in intent)

    def _data(self) -> Path:
        return Path(self.config_file or "config.yml").resolve().parent / "nlu" / "data"


class ExampleMessage(Message):
    """An example as Rasa's message, with the language of its folder in its metadata, as the bot's messages have it.

    Rasa copies and fingerprints all of its training data a dozen times on the way to the classifier. What an example
    says never changes, so neither is needed: it is its own copy, and its text, label and language are its fingerprint.
    """

    def __init__(self, example: Example) -> None:
        metadata = {"language": example.language}
        super().__init__({TEXT: example.text, INTENT: example.label, METADATA: metadata})
        self._key = f"{example.language}\n{example.label}\n{example.text}"

    def fingerprint(self) -> str:
        """Tells it from every other example."""
        return self._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExampleMessage) and other._key == self._key

    def __deepcopy__(self, memo: object) -> ExampleMessage:
        return self


@lru_cache(maxsize=1)
def _messages(data: Path) -> tuple[ExampleMessage, ...]:
    """Rasa makes three importers for one training, and each reads everything."""
    return tuple(map(ExampleMessage, read_examples(data)))


def entries_domain(entries: list[str]) -> dict[str, Any]:
    """Rasa's domain for `entries`: each is an intent, answered by a symbol."""
    responses = {f"utter_{entry}": [{"custom": {"answer": entry}}] for entry in entries}
    return {"intents": entries, "responses": responses}


def entries_rules(entries: list[str]) -> dict[str, Any]:
    """Rasa's rules for `entries`: whoever asks for one gets it."""
    return {"rules": [{"rule": entry, "steps": _steps(entry)} for entry in entries]}


def _steps(entry: str) -> list[dict[str, str]]:
    return [{"intent": entry}, {"action": f"utter_{entry}"}]
