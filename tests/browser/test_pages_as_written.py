"""The pages as they are written, module by module: what a developer debugs works the same."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small_pages():
    """Serve the files as written."""
    return "off"


def test_the_widget_works_from_its_modules(new_page):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")

    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    assert any(url.endswith("/widget/app.js") for url in asked)
    assert any("/widget/title.js" in url for url in asked), "the companion's own modules"
    assert not any("/widget/all." in url for url in asked)


def test_the_console_works_from_its_modules(agent):
    desk = agent(presence="away")
    expect(desk.get_by_test_id("lists-empty")).to_be_visible()
    loaded = desk.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")

    desk.keyboard.press("2")
    expect(desk.get_by_test_id("nav-inbox")).to_have_attribute("aria-current", "page")
    assert any(url.endswith("/console/desk.js") for url in loaded)
    assert not any(url.endswith("/console/core.js") for url in loaded)
