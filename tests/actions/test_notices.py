"""A question about a published problem gets the notice first, once; others what articles say."""

import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer

from actions.knowledge import Knowledge
from actions.notices import Notices
from actions.server import create_app
from actions.vectors import QuestionVectors
from baton.commands.notice_evaluate import FILE, measure
from handoff_rules.reading import read_rules
from tests.actions.calls import call, run, slots_of

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

OUTAGE = {
    "id": "n_1",
    "titles": ["Sign-in does not work at the moment"],
    "texts": ["Signing in to the Havelo app fails for many customers since this morning."],
    "questions": ["I cannot log in to the app"],
}
ASKED = "why can't I log in to the app today"
TOLD = [{"article_id": "notice:n_1", "title": OUTAGE["titles"][0], "url": "", "confidence": 1}]


@pytest.fixture
async def client(kb_dir, embedding_model):
    app = create_app(Knowledge(kb_dir, embedding_model), read_rules())
    async with TestClient(TestServer(app)) as client:
        yield client


async def ask(client, text, *, notices=(OUTAGE,), **more):
    body = call("action_answer", text=text, **{"intent": "technical_issue"} | more)
    return (await run(client, body | {"notices": list(notices)}))[1]


@pytest.mark.parametrize("waiting", [False, True])
async def test_the_notice_is_said_first_and_remembered(client, waiting):
    body = await ask(client, ASKED, metadata={"waiting": waiting})

    [said] = body["responses"]
    slots = slots_of(body)
    assert said["custom"] == {"kind": "notice", "notice": "n_1"}
    assert slots["tried"] == TOLD
    assert (slots["problem"], slots["call_now"], slots["needs_triage"]) == (ASKED, False, False)


async def test_it_is_known_in_another_language(client):
    body = await ask(client, "не могу войти в приложение", slots={"language": "ru"})

    assert body["responses"][0]["custom"]["notice"] == "n_1"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("How do I change my password?", {}),
        ("what do the lights of the hub mean", {}),
        (ASKED, {"notices": ()}),
        (ASKED, {"slots": {"tried": TOLD}}),
    ],
    ids=["near", "far", "withdrawn", "told"],
)
async def test_it_is_not_said_otherwise(client, text, more):
    body = await ask(client, text, intent="ask_account", **more)

    assert body["responses"]
    assert all(said["custom"]["kind"] != "notice" for said in body["responses"])


async def test_who_has_another_problem_hears_what_articles_say(client):
    before = call("action_answer", text="How do I reset my password?", intent="ask_password")
    events = before["tracker"]["events"]

    body = await ask(
        client, "My problem is another one", intent="show_article", events=events,
        slots={"tried": TOLD},
    )  # fmt: skip

    [said] = body["responses"]
    assert said["custom"]["kind"] == "answer"
    assert said["custom"]["sources"][0]["article_id"] == "reset-password"


def test_most_questions_about_a_problem_are_told_from_near_ones(embedding_model):
    matcher = Notices(QuestionVectors(embedding_model).embed_subjects)

    report = measure(matcher, yaml.safe_load(FILE.read_text("utf-8"))["notices"])

    for way in ("as_set", "without_examples", "held_out"):
        assert report[way]["all"]["precision"] >= 0.85
        assert report[way]["all"]["recall"] >= 0.7
    assert all(
        one["precision"] >= 0.75 and one["recall"] >= 0.6 for one in report["held_out"].values()
    )
