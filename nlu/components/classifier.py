"""Step 2: which catalogue entry or label a message is about, how sure that is, and whether that is sure enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.calibration import CALIBRATION, Allowed, Calibration, Scored, calibrate, softmax
from nlu.components.reader import WORDS, normal_words
from nlu.decision import Thresholds, decide, in_doubt_the_entry
from nlu.evaluation_set import evaluation_messages
from nlu.model import DEFAULTS, TextModel

# What the rules in flows/answers react to: the intent nlu_fallback with this entity.
ENTITY = {"choose": "unsure", "give_up": "lost"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearClassifier(GraphComponent):
    """`nlu.model.TextModel` and what `nlu.calibration` found for it, as a step of Rasa's pipeline."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the words that the reader made."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See `nlu.model` and `nlu.calibration.Allowed`."""
        return {**DEFAULTS, "allowed": {}, "ranking_length": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearClassifier:
        """An untrained one."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> LinearClassifier:
        """A trained one, from the model's archive."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier._model = TextModel.load(folder, config)
            classifier.calibration = Calibration.from_json((folder / CALIBRATION).read_text(encoding="utf-8"))
        return classifier

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._model = TextModel(config)
        self.calibration = Calibration({"": 1.0}, {"": Thresholds()})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, calibrate on the evaluation's messages, and store both."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        columns = [(example.get(WORDS), example.get(INTENT), example.get("language")) for example in examples]
        texts, labels, languages = zip(*columns, strict=True)
        self._model.fit(texts, labels, languages)
        self.calibration = calibrate(self._scored(), Allowed(**self._config["allowed"]))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            (folder / CALIBRATION).write_text(self.calibration.to_json(), encoding="utf-8")
        return self._resource

    def _scored(self) -> Scored:
        """The evaluation's messages about what the model knows, as it scores them."""
        messages = [message for message in evaluation_messages() if message["id"] in self._model.labels]
        right, languages = [message["id"] for message in messages], [message["lang"] for message in messages]
        texts = [normal_words(message["text"], message["lang"]) for message in messages]
        return Scored(self._model.scores(texts, languages), self._model.labels, right, languages)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the ranking of each message, best first, and what follows from it."""
        languages = [message.get("language", "") for message in messages]
        scores = self._model.scores([message.get(WORDS, "") for message in messages], languages)
        for message, row in zip(messages, scores, strict=True):
            self._understand(message, row)
        return messages

    def _understand(self, message: Message, scores: Any) -> None:
        language = message.get("language", "")
        row = softmax(scores[None, :] / self.calibration.temperature(language))[0]
        best = (-row).argsort(kind="stable")[: self._config["ranking_length"]]
        ranking = in_doubt_the_entry([(self._model.labels[column], float(row[column])) for column in best])
        guesses = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        message.set("intent_ranking", guesses, add_to_output=True)
        _decide(message, ranking, self.calibration.thresholds_for(language))


def _decide(message: Message, ranking: Sequence[tuple[str, float]], thresholds: Thresholds) -> None:
    """Set `decision`, and as intent what the rules react to."""
    decision, intent = decide(ranking, thresholds)
    message.set("decision", decision, add_to_output=True)
    if decision == "answer":
        message.set(INTENT, {"name": intent, "confidence": dict(ranking)[intent]}, add_to_output=True)
    else:
        message.set(INTENT, {"name": "nlu_fallback", "confidence": 1.0}, add_to_output=True)
        message.set("entities", [{"entity": ENTITY[decision], "value": True}], add_to_output=True)
