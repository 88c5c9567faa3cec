"""Maintainers say what topics are: decisions and drafts come of it, and go with it."""

import pytest
from sqlalchemy import select, update

from handoff_service.archive.learning.suggestions import (
    list_suggestions,
    replace_open,
)
from handoff_service.archive.learning.topics import FoundTopic, keep_topics
from handoff_service.archive.models import AuditRow
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from tests.handoff_service.archive.reviewed import group, keep, turn

DRONES = ("do you rent drones", "rent a drone", "드론을 빌릴 수 있나요")
OTHERS = ("is the drone mine", "buy a drone", "drone price")
ANSWER = "We do not rent drones out; the partner shop does."


class Maintainer:
    """Somebody who is signed in."""

    def __init__(self, http):
        self.http = http

    async def topics(self):
        async with self.http.get("/api/learning/topics") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def make(self, topic_id, status=200, **body):
        path, headers = f"/api/learning/topics/{topic_id}", {"X-CSRF-Token": self.http.csrf}
        async with self.http.post(path, json=body, headers=headers) as answer:
            told = await answer.json()
            assert answer.status == status, told
            return told

    async def open_topics(self):
        async with self.http.get("/api/learning/summary") as answer:
            return (await answer.json())["topics"]


@pytest.fixture
async def max_(service):
    account = await service.account(login="max", role="maintainer")
    return Maintainer(await service.signed_in(account))


@pytest.fixture
async def drones(service):
    """A topic of two groups: one is all of it, of the other it has the smaller part."""
    database = service.parts.database
    said = [
        turn("c_1", 2, DRONES[0], agent_answer=ANSWER, agent_id="a_ann"),
        turn("c_2", 2, DRONES[1], agent_answer=ANSWER, agent_id="a_bob"),
        turn("c_3", 2, DRONES[2], language="ko"),
        *(turn(f"c_o{number}", 2, text) for number, text in enumerate(OTHERS)),
    ]
    await keep(database, said)
    await group(database, *DRONES[:2])
    await group(database, DRONES[2], *OTHERS)
    async with database.session() as session:
        ids = {row.text: row.id for row in await session.scalars(select(PhraseRow))}
    found = FoundTopic(
        label="rent drone", kind="missing_article", medoid=ids[DRONES[1]], size=3,
        languages=("en", "ko"), trend=(0,) * 11 + (3,), near={},
        phrase_ids=[ids[text] for text in DRONES],
    )  # fmt: skip
    noise = FoundTopic(
        label="?", kind="noise", medoid=ids[OTHERS[0]], size=3, languages=("en",), trend=(),
        near={}, phrase_ids=[ids[OTHERS[0]]],
    )  # fmt: skip
    assert await keep_topics(database, [found, noise], now_ms=5) == (2, 0)
    assert await keep_topics(database, [found, noise], now_ms=6) == (0, 2)


async def standing(service):
    row = ReviewDecisionRow
    async with service.parts.database.session() as session:
        found = await session.scalars(
            select(row).where(row.withdrawn_ms.is_(None)).order_by(row.group_id)
        )
        return [(each.verdict, each.intent, len(each.phrase_ids)) for each in found]


async def test_a_topic_is_shown_with_what_is_asked(max_, drones):
    told = await max_.topics()
    assert told["found_ms"] == 6
    topic = told["topics"][0]
    assert (topic["label"], topic["kind"], topic["state"]) == (
        "rent drone", "missing_article", "open",
    )  # fmt: skip
    assert (topic["medoid"], topic["size"], topic["languages"]) == (DRONES[1], 3, ["en", "ko"])
    assert topic["trend"][-1] == 3
    assert topic["examples"][2] == {"text": DRONES[2], "language": "ko"}
    assert await max_.open_topics() == 1, "noise waits for nobody"


async def test_an_accepted_intent_is_decided_for_every_phrase_and_can_be_taken_back(
    service, max_, drones
):
    topic = (await max_.topics())["topics"][0]["id"]
    await max_.make(topic, state="accepted", status=400)
    await max_.make(topic, state="accepted", **{"as": "new_intent"}, status=400)

    wish = {"state": "accepted", "as": "new_intent", "name": " ask_rental\0 "}
    for _ in range(2):  # twice is once
        told = await max_.make(topic, **wish)
        assert (told["state"], told["accepted_as"], told["name"]) == (
            "accepted", "new_intent", "ask_rental",
        )  # fmt: skip
        assert await standing(service) == [
            ("new_intent", "ask_rental", 2), ("new_intent", "ask_rental", 1),
        ], "of the other group only the phrase that was shown"  # fmt: skip
    assert await max_.open_topics() == 0

    await max_.make(topic, state="accepted", **{"as": "spam"})
    assert {verdict for verdict, *_ in await standing(service)} == {"spam"}
    told = await max_.make(topic, state="open")
    assert (told["state"], told["accepted_as"], told["name"]) == ("open", None, None)
    assert await standing(service) == []
    async with service.parts.database.session() as session:
        assert set(await session.scalars(select(ReviewGroupRow.state))) == {"open"}
        kept = await session.scalars(select(AuditRow).where(AuditRow.subject == topic))
        assert [each.data["as"] for each in kept] == ["new_intent", "new_intent", "spam", None]

    await max_.make(topic, **wish | {"as": "existing_intent"})
    async with service.parts.database.session() as session:
        await session.execute(update(ReviewDecisionRow).values(applied="abc"))
    assert (await max_.make(topic, state="open", status=409))["error"]["code"] == "stale"
    (accepted,) = (each for each in (await max_.topics())["topics"] if each["id"] == topic)
    assert accepted["state"] == "accepted", "what is written stays as it is"


async def test_a_missing_article_becomes_a_draft_with_what_agents_answered(service, max_, drones):
    database = service.parts.database
    topic = (await max_.topics())["topics"][0]["id"]
    for _ in range(2):
        await max_.make(topic, state="accepted", **{"as": "article"})
        await replace_open(database, [])  # another look at the answers leaves it there
        (draft,) = await list_suggestions(database)
        assert (draft.kind, draft.title, draft.body) == ("article", DRONES[1], ANSWER)
        assert (draft.language, draft.turns, draft.agents, draft.state) == ("en", 3, 2, "open")
        assert {source["conversation_id"] for source in draft.sources} == {"c_1", "c_2"}
        assert draft.questions == DRONES
    assert await standing(service) == []

    await max_.make(topic, state="dismissed")
    assert [each.state for each in await list_suggestions(database)] == ["dismissed"]
    await max_.make(topic, state="accepted", **{"as": "article"}, article_id="rentals")
    assert [verdict for verdict, *_ in await standing(service)] == ["article", "article"]
    assert [each.state for each in await list_suggestions(database)] == ["dismissed"]

    await max_.make(topic, state="accepted", **{"as": "article"})
    assert await standing(service) == []
    (draft,) = await list_suggestions(database)
    assert draft.state == "open"
    await max_.make("t_none", state="open", status=404)
