"""Our graph components inside Rasa: tokens, entities and vectors of one message."""

import json

import pytest

from tests.bot.conftest import run_rasa

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

TEXTS = [
    "My Hub 2 shows E-417, v2.3.1!",
    "我的中枢一直重启",
    "我的中樞 Hub Mini 一直重啟。",
    "хаб не в сети, e-mail: a@b.example",
    "허브가 오프라인이에요",
    "👍",
]


@pytest.fixture(scope="module")
def tokens():
    code = f"""
import json
from bot import lean; lean.install(serving=True)
from rasa.shared.nlu.training_data.message import Message
from bot.components.tokenizer import FiveScriptTokenizer
tokenizer = FiveScriptTokenizer(FiveScriptTokenizer.get_default_config())
found = [tokenizer.tokenize(Message({{"text": text}}), "text") for text in {TEXTS!r}]
print(json.dumps([[(t.text, t.start, t.end) for t in tokens] for tokens in found]))
"""
    return json.loads(run_rasa(code).strip().splitlines()[-1])


def test_offsets_point_at_the_tokens(tokens):
    for text, found in zip(TEXTS, tokens, strict=True):
        assert found
        assert all(text[start:end] == token for token, start, end in found)


def test_han_is_split_by_character_and_words_are_kept(tokens):
    words = [[token for token, _, _ in found] for found in tokens]

    assert words[0] == ["My", "Hub", "2", "shows", "E-417", "v2.3.1"]
    assert words[1] == list("我的中枢一直重启")
    assert words[2] == [*"我的中樞", "Hub", "Mini", *"一直重啟"]
    assert words[3][-1] == "a@b.example"
    assert words[4] == ["허브가", "오프라인이에요"]
    assert words[5] == ["👍"]


def test_phrases_known_from_the_last_training_are_not_embedded_again(tmp_path):
    printed = run_rasa(
        """
import numpy as np
from bot.components.vector_cache import embed_with_cache
calls = []
def embed(texts):
    calls.append(list(texts))
    return np.array([[len(t), 1.0] for t in texts], np.float32).reshape(len(texts), 2)
first = embed_with_cache(["a", "bb", "a"], embed, fingerprint="f")
again = embed_with_cache(["bb", "ccc"], embed, fingerprint="f")
embed_with_cache(["bb"], embed, fingerprint="g")
print(calls, first.tolist(), again.tolist())
""",
        RASA_CACHE_DIRECTORY=str(tmp_path),
    )

    calls, first, again = (
        "[['a', 'bb'], ['ccc'], ['bb']]",
        "[[1.0, 1.0], [2.0, 1.0], [1.0, 1.0]]",
        ("[[2.0, 1.0], [3.0, 1.0]]"),
    )
    assert printed.strip() == f"{calls} {first} {again}"
