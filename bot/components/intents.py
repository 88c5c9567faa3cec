"""Name the intent of a message, or say that none fits."""

# ruff: noqa: ARG003  (the arguments of `create` and `load` are Rasa's)
from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.embedding import model_fingerprint, vector_source
from bot.components.intent_fitting import RECIPE, fit
from bot.components.intent_model import IntentModel
from bot.components.scope import heights
from bot.components.several import find_requests
from bot.components.vectors import Vectors

#: The intent given when no known one is probable enough; rules send it to the knowledge base.
FALLBACK = "nlu_fallback"
_FINGERPRINT_FILE = "embedding.txt"


class TrainedForAnotherEmbedding(Exception):
    """The intents were trained on vectors of another embedding model, or fitted otherwise."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` (best first), `scope_confidence` and perhaps `requests`.

    The scope confidence is 0..1: how sure it is that the message is about one of our intents at
    all. `requests` is there when several things are asked for, see `several.Request`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "out_of_scope_intent": "out_of_scope",
            "ranking_length": 5,
            # None: the cut-off measured in training.
            "threshold": None,
            # Intents that ask for nothing: a greeting and a question are one request.
            "no_request": [
                *("greet", "goodbye", "thank_you", "affirm", "deny", "bot_challenge", "ask_help"),
                *("how_are_you", "who_made_you", "joke", "laughter", "insult", "are_you_there"),
                *("back_to_bot", "helped", "not_helped", "none_of_these", "skip", "complaint"),
            ],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        with model_storage.read_from(resource) as folder:
            trained_for = (folder / _FINGERPRINT_FILE).read_text(encoding="utf-8")
            if trained_for != _made_with():
                raise TrainedForAnotherEmbedding(
                    "the Rasa model was trained for another embedding model or by another version "
                    "of Baton. Remedy: baton train"
                )
            return cls(config, model_storage, resource, IntentModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Tell Rasa's training cache how intents are fitted."""
        return RECIPE

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        vectors = np.stack([_vector(example) for example in examples])
        labels = [str(example.get(INTENT)) for example in examples]
        outside = str(self._config["out_of_scope_intent"])
        texts = [str(example.get(TEXT)) for example in examples]
        self._model = fit(texts, vectors, labels, out_of_scope=outside)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
            (folder / _FINGERPRINT_FILE).write_text(_made_with(), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        if self._model is None or not message.get(TEXT):
            fallback = {"name": FALLBACK, "confidence": 1.0}
            message.set("intent", fallback, add_to_output=True)
            message.set("intent_ranking", [fallback], add_to_output=True)
            return
        ranking, sure = self._rank(self._model, message.get(TEXT), _vector(message))
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set("scope_confidence", sure, add_to_output=True)
        understand = partial(_best_intent, self._model)
        requests = find_requests(message.get(TEXT), understand, ignored=self._no_request())
        if requests:
            found = [request._asdict() for request in requests]
            message.set("requests", found, add_to_output=True)

    def _rank(
        self, model: IntentModel, text: str, vector: Vectors
    ) -> tuple[list[dict[str, Any]], float]:
        """Return the intents, best first, and how sure it is that one of ours is meant (0..1)."""
        scores = model.scores([text], vector[None, :])
        probabilities = model.probabilities(scores)[0]
        outside = model.column(str(self._config["out_of_scope_intent"]))
        best, height = heights(scores, outside)
        sure = float(model.scope.certainty(height)[0])
        threshold = self._config["threshold"]
        believed = sure >= (model.scope.threshold if threshold is None else float(threshold))
        order = list(np.argsort(-probabilities))
        if believed and order[0] == outside:  # the cut-off was measured, so it has the last word
            order.remove(best[0])
            order.insert(0, best[0])
        length = int(self._config["ranking_length"])
        ranking = [
            {"name": model.intents[i], "confidence": float(probabilities[i])}
            for i in order[:length]
        ]
        if not believed and order[0] != outside:
            ranking.insert(0, {"name": FALLBACK, "confidence": 1.0 - sure})
        return ranking, sure

    def _no_request(self) -> frozenset[str]:
        return frozenset([*self._config["no_request"], str(self._config["out_of_scope_intent"])])


def _made_with() -> str:
    return f"{model_fingerprint()} {RECIPE}"


def _best_intent(model: IntentModel, part: str) -> tuple[str, float]:
    vectors = vector_source().vector(part)[None, :]
    probabilities = model.probabilities(model.scores([part], vectors))[0]
    best = int(np.argmax(probabilities))
    return model.intents[best], float(probabilities[best])


def _vector(message: Message) -> Vectors:
    _, sentence = message.get_dense_features(TEXT, [])
    if sentence is None:
        raise ValueError("no sentence vector: put EmbeddingFeaturizer before IntentClassifier")
    vector: Vectors = sentence.features[0]
    return vector
