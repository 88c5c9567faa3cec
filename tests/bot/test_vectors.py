"""The action server gets vectors from Rasa's process instead of loading the model a second time."""

import numpy as np
import pytest

from actions.rasa_vectors import RasaVectors
from actions.vectors import QuestionVectors
from kb_index.embedding import Embedder
from tests.bot.conftest import fetch, free_port

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

#: Both environments have an onnxruntime of their own, which round differently.
CLOSE = {"atol": 1e-4}
TEXTS = ["How do I reset my password? And on Android?", "怎麼重設密碼？"]


class NoModelOfItsOwn(QuestionVectors):
    def _loaded(self):
        raise AssertionError("the embedding model was loaded a second time")


def test_rasas_vectors_are_those_of_the_model(bot, embedding_model):
    vectors = NoModelOfItsOwn(embedding_model, RasaVectors(bot.url, token=bot.token))

    found = vectors.embed_queries(TEXTS)

    own = Embedder.load(embedding_model).embed_queries(TEXTS)
    assert np.allclose(found, own, **CLOSE)


@pytest.mark.parametrize("token", ["", "wrong"])
def test_vectors_need_the_token(bot, token):
    status, body = fetch(
        f"{bot.url}/webhooks/baton/vectors",
        method="POST",
        body={"texts": TEXTS},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (status, body["error"]["code"]) == (401, "token_invalid")


@pytest.mark.parametrize("body", [[], {}, {"texts": []}, {"texts": ["x"] * 17}, {"texts": [""]}])
def test_a_request_for_nothing_or_for_too_much_is_refused(bot, body):
    status, answer = fetch(
        f"{bot.url}/webhooks/baton/vectors",
        method="POST",
        body=body,
        headers={"Authorization": f"Bearer {bot.token}"},
    )

    assert (status, answer["error"]["code"]) == (400, "bad_request")
    assert "texts must" in answer["error"]["message"] or "each text" in answer["error"]["message"]


@pytest.mark.parametrize("token", ["right", "wrong"])
def test_without_rasa_the_own_model_serves(embedding_model, token, request):
    url = f"http://127.0.0.1:{free_port()}"
    if token == "wrong":
        url = request.getfixturevalue("bot").url
    vectors = QuestionVectors(embedding_model, RasaVectors(url, token=token))

    found = vectors.embed_queries(TEXTS)

    assert np.allclose(found, Embedder.load(embedding_model).embed_queries(TEXTS), **CLOSE)
