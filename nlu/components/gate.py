"""Last step: decides whether to answer, to ask which entry was meant, or to give up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from nlu.decision import Thresholds, decide

# What the rules in flows/answers react to: the intent nlu_fallback with this entity.
ENTITY = {"choose": "unsure", "give_up": "lost"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Sets `decision` and the intent that the rules react to; leaves the ranking as the classifier made it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gate:
        """Build it from its part of config.yml."""
        return cls(config)

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._thresholds = Thresholds.from_config(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide about each message by its ranking and language."""
        for message in messages:
            self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        ranking = [(guess["name"], guess["confidence"]) for guess in message.get("intent_ranking", [])]
        decision, intent = decide(ranking, self._thresholds, message.get("language", ""))
        message.set("decision", decision, add_to_output=True)
        if decision == "answer":
            message.set("intent", {"name": intent, "confidence": dict(ranking)[intent]}, add_to_output=True)
        else:
            message.set("intent", {"name": "nlu_fallback", "confidence": 1.0}, add_to_output=True)
            message.set("entities", [{"entity": ENTITY[decision], "value": True}], add_to_output=True)
