"""The demo shop: in five languages, with the widget on it, clean for assistive technology."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_shop_speaks_the_language_of_its_address(new_page, axe, picture, locale):
    page = new_page()
    page.goto(f"/demo?locale={locale}")

    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.get_by_test_id("baton-launcher")).to_be_visible()
    expect(page.locator(".products > li")).to_have_count(5)
    assert page.locator("[data-t]:empty").count() == 0
    axe(page)
    picture(page, f"demo-{locale}")


def test_the_shop_fits_a_small_phone(new_page, picture):
    page = new_page(width=320, height=640)
    page.goto("/demo?locale=ru")
    expect(page.get_by_test_id("baton-launcher")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    picture(page, "demo-320")


def test_the_shops_own_button_opens_the_chat(new_page):
    page = new_page()
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").wait_for()
    page.get_by_test_id("demo-open-chat").click()

    frame = page.frame_locator('[data-testid="baton-frame"]')
    expect(frame.get_by_test_id("composer-input")).to_be_focused()
