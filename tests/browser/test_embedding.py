"""The widget on a shop of another origin, under a strict policy, among hostile frames."""

import pytest
from playwright.sync_api import expect

from tests.browser.shop import ShopServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def allowed_origin():
    """Choose where the shop will be, before the service starts."""
    return ShopServer()


@pytest.fixture(scope="module")
def shop(allowed_origin, service):
    """A shop that the service allows to show the widget."""
    allowed_origin.service = service.url
    yield allowed_origin
    allowed_origin.close()


def test_a_shop_of_another_origin_under_a_strict_policy_can_embed_it(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')

    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(chat.locator("body")).to_have_attribute("data-locale", "ko")
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    assert page.context.cookies() == []


def test_a_site_that_is_not_allowed_sees_no_conversation(new_page, shop):
    page = new_page(expected="frame-ancestors")
    refusals = []
    page.on("console", lambda line: refusals.append(line.text))
    page.goto(shop.foreign_origin)
    page.get_by_test_id("baton-launcher").click()

    page.get_by_test_id("baton-frame").wait_for()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.get_by_test_id("composer-input")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refusals)


def test_other_frames_of_the_page_cannot_steer_the_widget(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    page.evaluate(
        """(address) => new Promise((done) => {
             let heard = 0;
             addEventListener("message", ({origin}) => {
               if (origin.startsWith("http://localhost") && (heard += 1) === 2) done();
             });
             const frame = document.createElement("iframe");
             frame.src = address;
             document.body.append(frame);
           })""",
        f"{shop.foreign_origin}/rogue",
    )

    expect(page.get_by_test_id("baton-launcher")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_test_id("baton-badge")).to_be_hidden()


def test_the_shop_can_open_close_and_listen(new_page, shop):
    page = new_page()
    page.goto(shop.origin)
    page.get_by_test_id("baton-launcher").wait_for()
    page.evaluate(
        """() => {
             window.heard = [];
             for (const name of ["ready", "open", "close", "message"])
               Baton.on(name, () => heard.push(name));
             Baton.open();
           }"""
    )
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    page.evaluate("Baton.setLocale('ru')")
    expect(chat.get_by_test_id("talk-to-person")).to_have_text("Позвать сотрудника")
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    page.evaluate("Baton.close()")

    expect(page.get_by_test_id("baton-frame")).to_be_hidden()
    assert page.evaluate("heard") == ["open", "ready", "message", "close"]
