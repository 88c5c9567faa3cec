"""Call a person whatever a message is about, when words of data/handoff_rules.yml stand in it."""

# ruff: noqa: ARG003  (the arguments of `create` and `load` are Rasa's)
from __future__ import annotations

import hashlib
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handoff_rules.reading import FILE, read_rules
from handoff_rules.rules import Rules

#: The intent such a message gets, and the entity that holds the reason code.
INTENT, REASON = "call_person", "handoff_reason"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HandoffRules(GraphComponent):
    """Last in the pipeline; `intent_ranking` keeps what the classifier before it made of it.

    The model keeps a copy of the file, so that a model and its rules go live, and back, together.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, rules: Rules) -> None:
        self._storage = storage
        self._resource = resource
        self._rules = rules

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HandoffRules:
        return cls(model_storage, resource, read_rules())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HandoffRules:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, read_rules(folder / FILE.name))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Tell Rasa's training cache which rules are in force."""
        return hashlib.sha256(FILE.read_bytes()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002 (Rasa's signature)
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE.name).write_bytes(FILE.read_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text: str = message.get(TEXT) or ""
            reason = self._rules.said(text)
            if reason is not None:
                message.set("intent", {"name": INTENT, "confidence": 1.0}, add_to_output=True)
                found = {"entity": REASON, "value": reason, "start": 0, "end": len(text)}
                found["extractor"] = type(self).__name__
                message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)
        return messages
