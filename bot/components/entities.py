"""Add products, versions, error codes, order numbers, addresses and phone numbers as entities."""

# ruff: noqa: ARG003  (the arguments of `create` and `load` are Rasa's)
from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import unquote

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.patterns import Found, Patterns
from bot.components.product_file import FILE, read_products


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatternEntities(GraphComponent):
    """One pattern per kind of entity; products are those of data/products.yml.

    The model keeps a copy of the file: a model and its products go live, and back, together.
    """

    def __init__(self, storage: ModelStorage, resource: Resource, patterns: Patterns) -> None:
        self._storage = storage
        self._resource = resource
        self._patterns = patterns

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternEntities:
        return cls(model_storage, resource, Patterns(read_products()))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PatternEntities:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Patterns(read_products(folder / FILE.name)))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Tell Rasa's training cache which products there are."""
        return hashlib.sha256(FILE.read_bytes() if FILE.is_file() else b"").hexdigest()

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002 (Rasa's signature)
        with self._storage.write_to(self._resource) as folder:
            if FILE.is_file():
                (folder / FILE.name).write_bytes(FILE.read_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self._patterns.find(message.get(TEXT) or "")
            found += self._on_page(message)
            entities = [{**item._asdict(), "extractor": type(self).__name__} for item in found]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def _on_page(self, message: Message) -> list[Found]:
        page = (message.get(METADATA) or {}).get("page") or {}
        address = unquote(str(page.get("url") or "")).split("?")[0].replace("_", "-")
        return self._patterns.find_on_page(str(page.get("title") or ""), address)
