"""What a customer sees on a phone when everybody has gone home: when people are back, a form."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_widget import frame_of, open_widget, say  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def business_hours(tmp_path_factory):
    """Everybody is back in nine hours, not before."""
    opens = datetime.now(UTC) + timedelta(hours=9)
    file = tmp_path_factory.mktemp("hours") / "hours.yml"
    file.write_text(
        f"teams: {{all: {{zone: UTC, hours: {{mon-sun: {opens:%H}:00-{opens:%H}:59}}}}}}\n"
    )
    return file


@pytest.mark.parametrize(("locale", "dark"), [("en", False), ("ru", True)])
def test_a_message_is_left_and_its_way_back_is_shown(open_widget, axe, picture, locale, dark):  # noqa: F811
    page, chat = open_widget(locale=locale, width=375, height=667, dark=dark)
    say(chat, "a person")

    requested = chat.locator('[data-testid="notice"][data-type="handoff.requested"]')
    expect(requested).to_contain_text(":00")
    link = chat.get_by_test_id("articles-again").get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(r"/help/en/reset-password#forgot$"))
    expect(chat.get_by_test_id("waiting-place")).to_contain_text(":00")
    expect(chat.get_by_test_id("leave-form")).to_be_visible()
    assert chat.locator("body").evaluate("body => body.scrollWidth <= innerWidth")
    axe(frame_of(page))
    picture(page, f"widget-nobody-on-duty-{locale}")

    chat.get_by_test_id("leave-contact").fill("kim@shop.example")
    chat.get_by_test_id("leave-text").fill("Please call me")
    chat.get_by_test_id("leave-send").click()

    expect(chat.locator("body")).to_have_attribute("data-state", "message_left")
    expect(chat.get_by_test_id("leave-form")).to_be_hidden()
    expect(chat.get_by_test_id("waiting-place")).to_contain_text(":00")
    axe(frame_of(page))
    picture(page, f"widget-message-left-{locale}")
    chat.get_by_test_id("cancel-handoff").click()
    expect(chat.locator("body")).to_have_attribute("data-state", "bot")
    expect(chat.get_by_test_id("waiting-bar")).to_be_hidden()
