"""What agents keep writing becomes suggestions, once; contradictions name both sides."""

from pathlib import Path

import pytest

from handoff_service.archive.database import open_database
from handoff_service.archive.history import record
from handoff_service.archive.learning.jobs import ask_for_job
from handoff_service.archive.learning.suggestions import change_suggestion, list_suggestions
from handoff_service.archive.learning.turns import LearnTurn, write_turns
from learning.jobs.tools import BadArguments, Tools
from learning.suggesting.contradictions import find_differences
from learning.suggesting.evaluation import evaluate_contradictions
from learning.suggesting.habits import with_variables
from learning.suggesting.job import suggest
from learning.suggesting.negation import denies, yes_or_no
from learning.suggesting.vectors import Vectors
from learning.training import Project
from tests.handoff_service.archive.talks import Talk

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "var" / "models" / "current"

pytestmark = [pytest.mark.model, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def vectors():
    return Vectors(MODEL)


BUY = "we sell gift cards from 10 to 200 euros: open the shop, choose Extras, then Gift card."
SERIAL = "Please send me the serial number that is printed below the hub, ‹name›, and the order"
#: Question, what the agent wrote, the agent. Invented.
TALKS = (
    ("do you sell gift cards", f"Yes, {BUY} The code comes by e-mail at once.", "ann"),
    ("can I buy a gift card for my sister", f"Sure, {BUY} The code comes by e-mail.", "bob"),
    ("gift card available?", f"Yes, {BUY} You will get the code by e-mail right away.", "ann"),
    ("my hub has a red light", f"{SERIAL} HV-123456.", "ann"),
    ("my hub has a red light!", f"{SERIAL} HV-123457.", "ann"),
    ("red light on the hub", f"{SERIAL} HV-204512, thanks.", "bob"),
    ("how many days to return it", "You can return any product within 14 days of delivery.", "bob"),
    ("once only", "The moon landing of your lamp is something that I never heard of.", "bob"),
)


@pytest.fixture
async def tools(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    file.write_bytes(empty_history.read_bytes())
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    (data_dir / "kb").symlink_to(ROOT / "var" / "kb")
    project = Project(ROOT, ROOT / ".venv-rasa/bin/python", MODEL, data_dir / "rasa/models")
    for number, (question, answer, agent) in enumerate(TALKS):
        name = f"c_{number}"
        talk = Talk(name).add("conversation.started", customer_id="u_1", locale="en")
        await record(database, talk.add("conversation.closed", by="agent").events)
        turn = LearnTurn(
            conversation_id=name, seq=3, at_ms=1_795_000_000_000 + number, asks=True,
            language="en", text=question, did="handoff", agent_answer=answer, agent_id=agent,
        )  # fmt: skip
        await write_turns(database, {name: 2}, [turn])
    yield Tools(database=database, project=project, data_dir=data_dir)
    await database.close()


async def test_habits_become_suggestions_and_contradictions_are_named(tools):
    async def ask(**args):
        return await ask_for_job(
            tools.database, "suggest", args, asked_by="operator", now_ms=tools.now_ms()
        )

    result = await suggest(await ask(), tools)

    found = await list_suggestions(tools.database)
    assert {kind: result[kind] for kind in ("article", "contradiction", "reply")} == {
        "article": 1, "contradiction": 1, "reply": 2,
    }  # fmt: skip
    by_kind = {each.kind: each for each in found}
    article = by_kind["article"]
    assert "gift" in article.title
    assert (article.turns, article.agents, len(article.sources)) == (3, 2, 3)
    reply = next(each for each in found if each.kind == "reply" and "serial" in each.body)
    assert "{{customer.name}}" in reply.body
    assert "{{order}}" in reply.body
    contradiction = by_kind["contradiction"]
    assert contradiction.near["article_id"] == "return-product"
    assert "30 days" in contradiction.near["text"]
    assert contradiction.body == "You can return any product within 14 days of delivery."

    for each in found:  # what is decided does not come again
        await change_suggestion(
            tools.database, each.suggestion_id, state="dismissed", actor="operator", now_ms=5
        )
    again = await suggest(await ask(), tools)
    assert {kind: again[kind] for kind in ("article", "contradiction", "reply")} == {
        "article": 0, "contradiction": 0, "reply": 0,
    }  # fmt: skip
    with pytest.raises(BadArguments, match="depth"):
        await suggest(await ask(depth=3), tools)


def test_contradictions_are_found_on_the_labelled_pairs(vectors):
    """Floors below what was measured (precision 1.00, recall 0.86): docs/evaluation.md."""
    groups = evaluate_contradictions(ROOT / "data/eval/contradictions.jsonl", vectors.of)["groups"]

    assert groups["all"]["pairs"] >= 60
    assert groups["all"]["precision"] >= 0.95
    assert groups["unseen"]["precision"] >= 0.9
    assert groups["all"]["recall"] >= 0.75
    assert set(groups) == {"all", "tuned", "unseen", "en", "zh-Hans", "zh-Hant", "ru", "ko"}


def test_an_answer_is_compared_with_the_sentence_that_it_is_about(vectors):
    def differ(answer, article, **more):
        given = {"language": "en", "locale": "en", "embed": vectors.of} | more
        return [each.kind for each in find_differences(answer, article, **given)]

    article = "The hub has a warranty of two years. You can use the camera without a subscription."
    assert differ("The hub has one year of warranty.", article) == ["quantity"]
    assert differ("The hub has two years of warranty.", article) == []
    assert differ("The hub has 24 months of warranty.", article) == []
    assert differ("You cannot use the camera without a subscription.", article) == ["negation"]
    assert differ("Is there anything else?", "") == []


def test_what_was_of_one_customer_is_a_placeholder():
    assert with_variables("Hi ‹name›, this is ‹name›: HV-204512 {{x}}") == (
        "Hi {{customer.name}}, this is {{agent.name}}: {{order}} { {x} }"
    )


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "You can't do that.", True),
        ("en", "It is not impossible.", False),
        ("ru", "Этого сделать нельзя.", True),
        ("zh-Hans", "不可以退款。", True),
        ("zh-Hant", "可以退款，不過要等。", False),
        ("ko", "환불되지 않습니다.", True),
        ("ko", "환불됩니다.", False),
    ],
)
def test_denials(language, sentence, expected):
    assert denies(sentence, language=language) is expected


def test_yes_and_no():
    assert yes_or_no("Yes, you can.") is True
    assert yes_or_no("Нет, к сожалению.") is False
    assert yes_or_no("Nothing is wrong.") is None
