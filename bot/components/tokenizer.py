"""Split text of five scripts: each Han character by itself, every other word as written."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
#: One Han character; a code, version or address kept whole (E-417, v2.3.1, a@b.example); a word.
_TOKEN = re.compile(
    rf"[{_HAN}]|[^\W_{_HAN}]+(?:[.@'’/+-][^\W_{_HAN}]+)*",
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FiveScriptTokenizer(Tokenizer):
    """Tokens with offsets into the text; punctuation and emoji give none."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text: str = message.get(attribute)
        tokens = [Token(match.group(), match.start()) for match in _TOKEN.finditer(text)]
        # Rasa expects a message to have at least one token ("👍", "???").
        return tokens or [Token(text, 0)]
