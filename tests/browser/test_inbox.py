"""The inbox: views, words, filters, rows that come while one looks, and reading without writing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, say

pytestmark = pytest.mark.browser


def rows(page):
    return page.get_by_test_id("inbox-row")


def test_a_supervisor_finds_reads_and_follows_conversations(customer, agent, axe, picture):
    _, first = customer()
    mina = agent()
    ask_for_a_person(first)
    mina.get_by_test_id("offer-accept").click()
    expect(mina.get_by_test_id("conversation")).to_be_visible()
    say(first, "My refund has not arrived")
    sofia = agent(name="Sofia Orlova", role="supervisor", presence="away", expected="400")

    sofia.keyboard.press("2")
    expect(sofia.get_by_role("heading", name="Waiting")).to_be_visible()
    sofia.get_by_test_id("view-all").click()
    expect(rows(sofia)).to_have_count(1)
    expect(rows(sofia)).to_contain_text("My refund has not arrived")
    expect(rows(sofia)).to_contain_text("Mina")
    axe(sofia)
    picture(sofia, "inbox")

    # Somebody else comes while the pointer rests on the list: nothing moves, it is announced.
    rows(sofia).hover()
    _, second = customer()
    ask_for_a_person(second)
    expect(sofia.get_by_test_id("inbox-news")).to_contain_text("1 new conversation")
    expect(rows(sofia)).to_have_count(1)
    sofia.get_by_test_id("inbox-news").click()
    expect(rows(sofia)).to_have_count(2)
    expect(sofia.get_by_test_id("view-waiting")).to_contain_text("1")

    # Words, with what they mean to the search, and what cannot be searched for.
    sofia.keyboard.press("/")
    search = sofia.get_by_test_id("inbox-search")
    expect(search).to_be_focused()
    search.fill("refunds is:assigned")
    search.press("Enter")
    expect(rows(sofia)).to_have_count(1)
    expect(rows(sofia).locator("mark")).to_have_text("refund")
    picture(sofia, "inbox-search")
    search.fill('"refund')
    search.press("Enter")
    expect(sofia.get_by_test_id("inbox-problem")).to_contain_text("quotation mark")
    axe(sofia)

    # A filter is a chip, is saved for everybody, and comes away again.
    sofia.get_by_test_id("view-all").click()
    sofia.get_by_test_id("inbox-filter").click()
    sofia.get_by_test_id("inbox-filter-state").select_option("assigned")
    expect(sofia.get_by_test_id("inbox-chip")).to_contain_text("With an agent")
    expect(rows(sofia)).to_have_count(1)
    sofia.get_by_test_id("save-filter").click()
    sofia.get_by_test_id("filter-name").fill("In talks")
    sofia.get_by_test_id("filter-shared").check()
    axe(sofia)
    sofia.get_by_test_id("save-filter-confirm").click()
    expect(sofia.get_by_test_id("saved-filter")).to_contain_text("In talks")
    sofia.get_by_test_id("inbox-chip").click()
    expect(rows(sofia)).to_have_count(2)

    # Several at once: a supervisor tags them, and sees it in the rows.
    sofia.get_by_test_id("view-all").click()
    expect(rows(sofia)).to_have_count(2)
    for row in rows(sofia).all():
        row.get_by_role("checkbox").check()
    sofia.get_by_test_id("bulk-tag").fill("VIP")
    axe(sofia)
    sofia.get_by_test_id("bulk-do").click()
    expect(rows(sofia).filter(has_text="vip")).to_have_count(2)
    expect(sofia.get_by_test_id("inbox-bulk")).to_have_count(0)
    picture(sofia, "inbox-tagged")

    # By key into a conversation: to read, live, and back.
    sofia.get_by_test_id("saved-filter").click()
    expect(rows(sofia)).to_have_count(1)
    sofia.locator("body").click(position={"x": 2, "y": 2})
    sofia.keyboard.press("j")
    sofia.keyboard.press("Enter")
    expect(sofia.get_by_test_id("read-state")).to_contain_text("Only Mina")
    say(first, "Hello? Anybody?")
    expect(sofia.get_by_test_id("transcript")).to_contain_text("Hello? Anybody?")
    axe(sofia)
    picture(sofia, "inbox-reading")
    sofia.get_by_test_id("read-take_over").click()
    sofia.get_by_test_id("take-over-confirm").click()
    expect(sofia.get_by_test_id("conversation")).to_be_visible()
    expect(sofia).to_have_url(re.compile("#/desk/"))


def test_an_agent_sees_who_waits_on_a_phone_but_not_the_talks_of_others(
    customer, agent, axe, picture
):
    _, first = customer()
    mina = agent()
    ask_for_a_person(first)
    mina.get_by_test_id("offer-accept").click()
    talk = mina.get_by_test_id("conversation").get_attribute("data-conversation-id")
    bob = agent(name="Bob Jung", presence="away", width=390, height=780, expected="404")

    bob.evaluate("location.hash = '#/inbox/all'")
    expect(bob.get_by_test_id("inbox-empty")).to_contain_text("No conversations here")
    bob.evaluate(f"location.hash = '#/conversation/{talk}'")
    expect(bob.get_by_test_id("not-there")).to_be_visible()
    mina.get_by_test_id("presence-away").click()
    _, second = customer()
    ask_for_a_person(second)
    bob.evaluate("location.hash = '#/inbox/waiting'")

    expect(rows(bob)).to_have_count(1)
    expect(rows(bob)).to_contain_text("waiting")
    axe(bob)
    picture(bob, "inbox-phone")
