"""Passages for an agent: on the demo company's index, for who shows the token."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.server import create_app
from handoff_rules.reading import read_rules

TOKEN = "suggestions-for-agents"
ASKED = {"question": "비밀번호를 잊어버렸어요", "locale": "ko", "limit": 3}


async def ask(client, body, *, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"}
    async with client.post("/passages", json=body, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.fixture
async def empty(tmp_path):
    """A server without index or model."""
    knowledge = Knowledge(tmp_path / "kb", tmp_path / "model")
    app = create_app(knowledge, read_rules(), token=TOKEN)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_nobody_without_the_token_is_told_anything(empty, tmp_path):
    knowledge = Knowledge(tmp_path / "kb", tmp_path / "model")
    async with TestClient(TestServer(create_app(knowledge, read_rules()))) as without_one:
        refused = await ask(without_one, ASKED, token="")

    assert refused[0] == (await ask(empty, ASKED, token="other"))[0] == 401


async def test_what_cannot_be_read_and_what_cannot_be_searched_are_told_apart(empty):
    no_question = await ask(empty, {"locale": "ko"})
    no_text = await ask(empty, ASKED | {"question": 7})
    no_index = await ask(empty, ASKED)

    assert (no_question[0], no_text[0]) == (400, 400)
    assert (no_index[0], no_index[1]["error"]["code"]) == (503, "knowledge_missing")


@pytest.mark.model
@pytest.mark.timeout(300)
async def test_passages_come_quoted_with_link_and_confidence_best_first(kb_dir, embedding_model):
    app = create_app(Knowledge(kb_dir, embedding_model), read_rules(), token=TOKEN)
    async with TestClient(TestServer(app)) as client:
        status, body = await ask(client, ASKED)
        again = (await ask(client, ASKED))[1]
        one = (await ask(client, ASKED | {"limit": 1}))[1]
        foreign = (await ask(client, {"question": "quantum chromodynamics", "locale": "en"}))[1]

    best = body["passages"][0]
    sure = [passage["confidence"] for passage in body["passages"]]
    assert status == 200
    assert body["index_version"] == (kb_dir / "current").resolve().name
    assert (best["article_id"], best["locale"]) == ("reset-password", "ko")
    assert best["url"].startswith("/help/ko/reset-password#")
    assert all(passage["quote"] and passage["blocks"] for passage in body["passages"])
    assert len({passage["article_id"] for passage in body["passages"]}) == len(sure)
    assert sure == sorted(sure, reverse=True)
    assert again == body
    assert [passage["passage_id"] for passage in one["passages"]] == [best["passage_id"]]
    assert all(passage["confidence"] >= 0.1 for passage in foreign["passages"])
