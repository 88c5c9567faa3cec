"""Say which language a message is in, or that it is one which nobody here speaks."""

# ruff: noqa: ARG003  (the arguments of `create` and `load` are Rasa's)
from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intents import FALLBACK
from bot.components.languages import identify, is_other_language

#: The intent of what was not understood and is in none of the five languages.
OTHER_LANGUAGE = "other_language"
#: A less probable intent (0..1) is no reason to answer in a language the customer did not write.
SURE_ENOUGH = 0.6


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Adds the entity `language`, which fills the slot of that name; comes after the intents.

    Where the message does not tell, the locale that came with it does. The embedding understands
    more languages than the five: a question in another one is answered if it was understood.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text: str = message.get(TEXT) or ""
            known = (message.get(METADATA) or {}).get("locale")
            found = {
                "entity": "language",
                "value": identify(text, known),
                "start": 0,
                "end": len(text),
                "extractor": type(self).__name__,
            }
            message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)
            if _is_unsure(message) and is_other_language(text):
                confidence = 1.0 - float(message.get("scope_confidence") or 0.0)
                intent = {"name": OTHER_LANGUAGE, "confidence": confidence}
                message.set(INTENT, intent, add_to_output=True)
        return messages


def _is_unsure(message: Message) -> bool:
    intent = message.get(INTENT) or {}
    return (
        intent.get("name") in {FALLBACK, "out_of_scope"}
        or float(intent.get("confidence") or 0.0) < SURE_ENOUGH
    )
