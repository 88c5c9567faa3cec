"""Give each message the sentence vector of the shared embedding model."""

# ruff: noqa: ARG003  (the arguments of `create` and `load` are Rasa's)
from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding import VectorSource, model_fingerprint, vector_source
from bot.components.vector_cache import embed_with_cache


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features only, float32 of shape (1, dimension): the classifier needs no sequence."""

    def __init__(self, config: dict[str, Any], name: str, source: VectorSource) -> None:
        super().__init__(name, config)
        self._source = source

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingFeaturizer:
        return cls(config, execution_context.node_name, vector_source())

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to set."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Tell Rasa's training cache which embedding model the vectors come from."""
        return model_fingerprint()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        vectors = embed_with_cache(
            [example.get(TEXT) for example in examples],
            self._source.vectors,
            fingerprint=self._source.fingerprint,
        )
        for example, vector in zip(examples, vectors, strict=True):
            self.add_features_to_message(None, vector[None, :], TEXT, example)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                vector = self._source.vector(text)
                self.add_features_to_message(None, vector[None, :], TEXT, message)
        return messages
