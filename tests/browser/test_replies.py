"""Canned replies, macros and suggested passages, as an agent writes with them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, say, text_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def more_settings(bot_url):
    """Passages come from the same small server as answers."""
    return {"BATON_ACTIONS_URL": f"{bot_url}/webhook"}


def held(agent, chat, **options):
    """Return the desk of an agent who has accepted the customer."""
    desk = agent(**options)
    ask_for_a_person(chat)
    desk.get_by_test_id("offer-accept").click()
    expect(desk.get_by_test_id("conversation")).to_have_attribute("data-state", "assigned")
    return desk


def test_an_agent_writes_with_replies_passages_and_a_macro(customer, agent, axe, picture):
    _, chat = customer()
    desk = held(agent, chat, name="Mina Park")
    box = desk.get_by_test_id("composer-input")
    items = desk.get_by_test_id("canned-item")

    # A slash opens the list; letters narrow it; arrows and Enter choose; nothing is sent yet.
    box.press_sequentially("/gre")
    expect(items.first).to_contain_text("Greeting")
    expect(items.first).to_contain_text("this is Mina Park")
    axe(desk)
    picture(desk, "console-canned")
    box.press("Enter")
    expect(box).to_have_value(re.compile("Hello, this is Mina Park"))
    expect(items).to_have_count(0)
    box.press("Enter")
    expect(text_of(chat, "agent", "Hello, this is Mina Park")).to_have_count(1)

    # What is not known is a gap: selected, reached by Tab, and never sent.
    box.press_sequentially("/refund")
    expect(items.first).to_contain_text("Refund started")
    box.press("Tab")
    expect(box).to_have_value(re.compile("order ⟦order number⟧"))
    assert desk.evaluate("() => getSelection().toString()") == "⟦order number⟧"
    box.press("Enter")
    expect(desk.get_by_test_id("toast")).to_contain_text("Fill in what stands in")
    box.press_sequentially("HV-1")
    box.press("Enter")
    expect(text_of(chat, "agent", "refund for order HV-1")).to_have_count(1)
    assert "⟦" not in chat.locator("body").inner_text()

    # Escape closes the list and keeps what is written; an address asks for nothing.
    box.fill("")
    box.press_sequentially("/zzz")
    expect(desk.get_by_test_id("canned-hint")).to_contain_text("No canned reply fits")
    box.press("Escape")
    expect(desk.get_by_test_id("canned-hint")).to_be_hidden()
    box.fill("")

    # Passages for what the customer said last; what is not right goes, and does not come back.
    say(chat, "How do I get a new password?")
    passages = desk.get_by_test_id("passage")
    expect(passages).to_have_count(3)
    expect(passages.first.locator("a")).to_have_text("Reset your password")
    picture(desk, "console-suggestions")
    passages.first.get_by_test_id("not-right").click()
    expect(desk.get_by_test_id("toast").last).to_contain_text("Noted")
    expect(passages.first.locator(".tag").first).to_have_attribute("title", "65 %")
    passages.first.get_by_test_id("insert-passage").click()
    expect(box).to_have_value(re.compile(r"Forgot password[\s\S]*/help/en/reset-password#forgot$"))
    box.press("Enter")
    expect(text_of(chat, "agent", "Forgot password")).to_have_count(1)
    desk.get_by_test_id("suggestions").locator("summary").click()
    expect(passages.first).to_be_hidden()

    # A macro shows its acts first; each is done in its turn.
    box.press_sequentially("!ref")
    expect(items.first).to_contain_text("Refund started and done")
    box.press("Enter")
    expect(desk.get_by_test_id("macro-act")).to_have_count(3)
    axe(desk)
    picture(desk, "console-macro")
    desk.get_by_test_id("macro-confirm").click()
    expect(desk.get_by_test_id("macro-problem")).to_contain_text("Fill in")
    desk.get_by_test_id("macro-text").fill("Refund of HV-2 is on its way.")
    desk.get_by_test_id("macro-confirm").click()
    expect(text_of(chat, "agent", "Refund of HV-2")).to_have_count(1)
    expect(desk.get_by_test_id("conversation")).to_have_attribute("data-state", "wrap_up")
    expect(desk.get_by_test_id("toast").last).to_contain_text("Done: Refund started and done")


def test_replies_are_in_the_customers_language_and_work_with_an_input_method(
    customer, agent, picture
):
    _, chat = customer(locale="ko")
    desk = agent(locale="ko-KR", dark=True)
    say(chat, "비밀번호를 잊어버렸어요")
    say(chat, "I want a person")
    expect(chat.locator("body")).to_have_attribute("data-state", re.compile("waiting|offered"))
    desk.get_by_test_id("offer-accept").click()
    box = desk.get_by_test_id("composer-input")
    items = desk.get_by_test_id("canned-item")

    # Korean puts no space before it; while syllables are composed, Enter belongs to the method.
    box.fill("네,/")
    box.press_sequentially("환불")
    expect(items.first).to_contain_text("환불을 접수했습니다")
    picture(desk, "console-canned-ko-dark")
    box.evaluate(
        """(box) => box.dispatchEvent(new KeyboardEvent("keydown",
             {key: "Enter", keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(items.first).to_be_visible()
    items.first.click()
    expect(box).to_have_value(re.compile("^네,주문 ⟦주문 번호⟧의 환불을 접수했습니다"))
    expect(box).to_be_focused()


def test_a_supervisor_edits_a_reply_in_all_languages_and_sees_what_is_wrong(agent, axe, picture):
    page = agent(role="supervisor", presence="offline", name="Sam")
    page.goto("/console#/settings/replies")
    page.get_by_test_id("replies-find").fill("refnd")
    page.get_by_test_id("replies-choose").first.click()
    editor = page.get_by_test_id("replies-editor")
    expect(editor.get_by_test_id("replies-text-ko")).to_have_value(re.compile("환불"))
    expect(editor.get_by_test_id("replies-preview-en")).to_contain_text("order HV-482913")

    # A placeholder that nobody knows, and a shortcut that is taken, are told beside them.
    editor.get_by_test_id("replies-text-en").fill("Refund of {{odrer}}")
    expect(editor).to_contain_text("{{odrer}} is no placeholder")
    expect(page.get_by_test_id("settings-save")).to_be_disabled()
    editor.get_by_test_id("replies-text-en").fill("")
    expect(editor).to_contain_text("missing")
    editor.get_by_test_id("replies-shortcut").fill("hello")
    expect(editor).to_contain_text("is the shortcut of 'hello' too")
    editor.get_by_test_id("replies-shortcut").fill("money")
    axe(page)
    picture(page, "console-settings-replies")
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_test_id("settings-version")).to_contain_text("Version 2")
    expect(page.get_by_test_id("replies-list")).to_contain_text("/money")
