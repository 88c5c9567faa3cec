"""The room of topics: what nobody taught the bot is named, accepted and taken back with keys."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from handoff_service.archive.database import open_database
from handoff_service.archive.learning.topics import FoundTopic, keep_topics
from handoff_service.archive.tables.learn_turns import PhraseRow
from tests.handoff_service.archive.reviewed import group, keep, turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

DRONES = ("do you rent drones", "rent a drone", "드론을 빌릴 수 있나요")
RINGS = ("engrave my ring", "can you engrave a ring")
WEEKS = 12
#: Keys as quick as can be: the page paints nothing in between.
AT_ONCE = """async (keys) => {
  for (const key of keys) {
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    await new Promise((done) => setTimeout(done));
  }
}"""


def topic(ids, texts, label, kind, weeks, **more):
    return FoundTopic(
        label=label, kind=kind, medoid=ids[texts[0]], size=len(texts), trend=weeks, near={},
        phrase_ids=[ids[text] for text in texts], **{"languages": ("en",)} | more,
    )  # fmt: skip


async def seed(path):
    """Write three topics: an article that is missing, a new intent, noise."""
    database = await open_database(f"sqlite+aiosqlite:///{path}")
    lost = {"did": "offer_person", "handoff_reason": "low_confidence"}
    said = [turn(f"c_{n}", 2, text, **lost) for n, text in enumerate((*DRONES[:2], *RINGS, "asdf"))]
    await keep(database, [*said, turn("c_ko", 2, DRONES[2], language="ko", **lost)])
    for texts in (DRONES, RINGS, ("asdf",)):
        await group(database, *texts, reasons=["no_answer"])
    async with database.session() as session:
        ids = {row.text: row.id for row in await session.scalars(select(PhraseRow))}
    await keep_topics(
        database,
        [
            topic(ids, DRONES, "rent drone", "missing_article", (0,) * (WEEKS - 2) + (1, 2),
                  languages=("en", "ko")),
            topic(ids, RINGS, "engrave ring", "new_intent", (0,) * (WEEKS - 1) + (2,)),
            topic(ids, ("asdf",), "asdf", "noise", (0,) * (WEEKS - 1) + (1,)),
        ],
        now_ms=1_780_000_000_000,
    )  # fmt: skip
    await database.close()


@pytest.fixture(scope="module")
def topics(service):
    with ThreadPoolExecutor(1) as thread:  # this one has the browser's own loop
        thread.submit(asyncio.run, seed(service.folder / "baton.db")).result()


@pytest.mark.usefixtures("topics")
def test_topics_are_accepted_with_keys_and_taken_back(agent, axe, picture):
    page = agent(role="maintainer", name="Max", presence="offline")
    keys = page.keyboard
    page.goto("/console#/learning/topics")
    cards = page.get_by_test_id("learning-topic")
    expect(cards.locator("h2")).to_have_text(["rent drone", "engrave ring", "asdf"])
    waiting = page.get_by_test_id("learning-room-topics")
    expect(waiting).to_have_text("Topics 2")  # noise is not work
    expect(cards.first).to_have_attribute("data-current", "true")
    expect(cards.first.get_by_role("img")).to_have_attribute(
        "aria-label", f"Questions by week: {', '.join(['0'] * (WEEKS - 2) + ['1', '2'])}"
    )
    expect(cards.first.locator("li[lang=ko]")).to_have_text(DRONES[2])
    axe(page)
    picture(page, "console-learning-topics")

    # The second becomes an intent, named as it is called; then the first an article.
    page.evaluate(AT_ONCE, ["j", "n"])
    expect(cards.nth(1)).to_have_attribute("data-current", "true")
    naming = page.get_by_test_id("learning-name")
    expect(naming).to_have_value("ask_engrave_ring")
    axe(page)
    keys.press("Enter")
    expect(cards.locator("h2")).to_have_text(["rent drone", "asdf"])
    keys.press("k")
    expect(cards.first).to_have_attribute("data-current", "true")
    keys.press("a")
    expect(cards.locator("h2")).to_have_text(["asdf"])
    expect(waiting).to_have_text("Topics")

    # What was accepted is found under its own heading, and opened again.
    keys.press("f")
    expect(page.get_by_test_id("topics-accepted")).to_have_attribute("aria-pressed", "true")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("Needs an article")
    expect(cards.nth(1)).to_contain_text("ask_engrave_ring")
    axe(page)
    keys.press("u")
    expect(cards.locator("h2")).to_have_text(["engrave ring"])
    expect(waiting).to_have_text("Topics 1")


def test_what_cannot_be_kept_is_said_and_stays(agent, topics):
    page = agent(role="maintainer", name="Mia", presence="offline")
    page.goto("/console#/learning/topics")
    cards = page.get_by_test_id("learning-topic")
    expect(cards.first).to_be_visible()
    before = cards.locator("h2").all_inner_texts()
    page.context.set_offline(True)
    page.keyboard.press("x")
    expect(page.locator(".toast").first).to_be_visible()
    expect(cards.locator("h2")).to_have_text(before)
    page.context.set_offline(False)
    page.keyboard.press("x")
    expect(cards.locator("h2")).to_have_text(before[1:])
