"""Reviewers see what a decision would change most, decide it, and may differ."""

import pytest

from handoff_service.archive.learning.changes import Catalogue, write_catalogue
from tests.handoff_service.archive.reviewed import group, keep, turn


class Reviewer:
    """A maintainer who is signed in."""

    def __init__(self, service, http, account_id):
        self.service, self.http, self.account_id = service, http, account_id

    async def get(self, path, status=200):
        async with self.http.get(f"/api/learning/{path}") as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def decide(self, group_id, verdict, status=201, **more):
        path, headers = f"/api/learning/groups/{group_id}/decisions", self._csrf
        body = {"verdict": verdict, **more}
        async with self.http.post(path, json=body, headers=headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    async def undo(self, decision_id, status=200):
        path = f"/api/learning/decisions/{decision_id}"
        async with self.http.delete(path, headers=self._csrf) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    @property
    def _csrf(self):
        return {"X-CSRF-Token": self.http.csrf}


@pytest.fixture
async def people(service):
    found = []
    for login in ("max", "mia", "ned"):
        account = await service.account(login=login, role="maintainer")
        http = await service.signed_in(account)
        found.append(Reviewer(service, http, account["agent_id"]))
    return found


@pytest.fixture
async def groups(service):
    """Two groups in the queue: refunds (3 phrases), and the colour of hubs."""
    database = service.parts.database
    names = ("ask_camera", "ask_order", "ask_refund")
    intents = [{"name": name, "phrases": 9, "samples": {"en": ["so"]}} for name in names]
    await write_catalogue(database, Catalogue(at_ms=1, intents=intents))
    await keep(
        database,
        [
            turn("c_1", 2, "I want my money back", intent="ask_order", intent_confidence=0.9,
                 runner_up="ask_refund", vote=-1, article_id="orders", article_locale="en"),
            turn("c_2", 2, "money back please"),
            turn("c_2", 4, "I want my money back"),
            turn("c_3", 2, "돈을 돌려주세요", language="ko"),
            turn("c_3", 4, "is the hub sold in blue?", did="offer_person"),
        ],
    )  # fmt: skip
    refund = await group(
        database, "I want my money back", "money back please", "돈을 돌려주세요",
        score=3.0, conversation_id="c_1", seq=2, near={"intents": ["ask_refund"]},
    )  # fmt: skip
    blue = await group(database, "is the hub sold in blue?", score=1.5, reasons=["no_answer"])
    return refund, blue


async def test_what_changes_most_is_asked_first_and_a_decision_takes_it_out(people, groups):
    max_, _, _ = people
    refund, blue = groups

    page = await max_.get("queue?limit=1")
    [first] = page["groups"]
    assert (first["group_id"], page["open"]) == (refund, 2)
    assert (first["example"]["intent"], first["example"]["vote"]) == ("ask_order", -1)
    assert {phrase["text"] for phrase in first["others"]} == {
        "money back please", "돈을 돌려주세요"
    }  # fmt: skip
    after = await max_.get(f"queue?limit=1&after={page['after']}")
    assert ([each["group_id"] for each in after["groups"]], after["after"]) == ([blue], None)
    assert [each["group_id"] for each in (await max_.get("queue?language=ko"))["groups"]] == [
        refund
    ]
    assert [each["group_id"] for each in (await max_.get("queue?reason=no_answer"))["groups"]] == [
        blue
    ]
    choices = await max_.get(f"choices?near={refund}")
    assert [(each["name"], each["suggested"]) for each in choices["intents"]] == [
        ("ask_refund", True), ("ask_order", True), ("ask_camera", False)
    ]  # fmt: skip

    made = await max_.decide(refund, "intent", intent="ask_refund")
    assert made["state"] == "decided"
    assert [each["group_id"] for each in (await max_.get("queue"))["groups"]] == [blue]
    assert (await max_.undo(made["decision_id"]))["state"] == "open"
    assert (await max_.get("queue"))["open"] == 2
    await max_.undo(made["decision_id"], status=404)


async def test_reviewers_who_differ_leave_it_open_until_a_third_decides(people, groups):
    max_, mia, ned = people
    refund, blue = groups
    await max_.decide(refund, "intent", intent="ask_refund")

    # Mia is shown what Max decided without his word.
    [second] = (await mia.get("queue?blind=1"))["groups"]
    assert (second["group_id"], second["decisions"]) == (refund, [])
    assert (await max_.get("queue?blind=1"))["groups"] == []
    assert (await mia.decide(refund, "new_intent", intent="money"))["state"] == "disputed"
    queue = await ned.get("queue")
    assert {each["group_id"]: each["state"] for each in queue["groups"]}[refund] == "disputed"
    assert queue["agreement"] == {"pairs": 1, "agreed": 0, "kappa": 0.0}

    assert (await ned.decide(refund, "intent", intent="ask_refund"))["state"] == "decided"
    for each in (max_, mia):
        await each.decide(blue, "ignore")
    assert (await max_.get("queue"))["agreement"]["pairs"] == 4


async def test_phrases_that_mean_something_else_become_a_group_of_their_own(people, groups):
    max_, _, _ = people
    refund, _ = groups
    whole = await max_.get(f"groups/{refund}")
    other = next(each for each in whole["phrases"] if each["text"] == "money back please")

    await max_.decide(refund, "intent", intent="ask_refund", without=[other["phrase_id"]])

    queue = await max_.get("queue")
    assert queue["open"] == 2
    [split] = [each for each in queue["groups"] if each["example"]["text"] == "money back please"]
    assert (split["state"], split["turns"], split["phrases"]) == ("open", 1, 1)
    left = (await max_.get(f"groups/{refund}"))["group"]
    assert (left["turns"], left["phrases"], left["state"]) == (3, 2, "decided")
    # The answer was lost on its way, and the page says it once more.
    await max_.decide(refund, "intent", intent="ask_refund", without=[other["phrase_id"]])
    assert (await max_.get("queue"))["open"] == 2


async def test_what_cannot_be_decided_is_refused(people, groups):
    max_, _, _ = people
    refund, blue = groups
    for more, field in (
        ({"verdict": "intent"}, "intent"),
        ({"verdict": "article"}, "article_id"),
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": "spam", "without": [10**6]}, "without"),
    ):
        refused = await max_.decide(refund, status=400, **more)
        assert refused["error"]["fields"] == [field]
    phrases = [each["phrase_id"] for each in (await max_.get(f"groups/{blue}"))["phrases"]]
    await max_.decide(blue, "spam", without=phrases, status=400)
    await max_.decide(10**9, "spam", status=404)
    await max_.get("queue?after=x", status=400)
    await max_.get("groups/x", status=404)
    assert (await max_.get("queue"))["open"] == 2
