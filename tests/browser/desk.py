"""What agents and customers do on their pages, for the tests of the console."""

import re

from playwright.sync_api import expect


def pressed(page, presence):
    """Wait until the desk shows this presence."""
    expect(page.get_by_test_id(f"presence-{presence}")).to_have_attribute("aria-pressed", "true")


def say(place, text):
    """Write and send, in the widget or the console."""
    place.get_by_test_id("composer-input").fill(text)
    place.get_by_test_id("composer-input").press("Enter")


def text_of(place, author, text):
    """Return the message with this text by this author."""
    return place.locator(f'[data-testid="message"][data-author="{author}"]').filter(has_text=text)


def ask_for_a_person(chat):
    """Ask a question, then for a person, and wait until in line."""
    say(chat, "How do I reset my password?")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    say(chat, "I want a person")
    expect(chat.locator("body")).to_have_attribute("data-state", re.compile("waiting|offered"))
