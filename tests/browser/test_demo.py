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
    expect(page.get_by_test_id("demo-sign-in")).to_be_visible()
    assert page.locator("[data-t]:empty").count() == 0
    axe(page)
    picture(page, f"demo-{locale}")

    page.locator(".products a").first.click()
    expect(page.get_by_test_id("demo-add")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", locale)
    page.get_by_test_id("demo-add").click()
    expect(page.locator(".added")).not_to_be_empty()
    if locale == "ko":
        axe(page)
    picture(page, f"demo-product-{locale}")

    page.get_by_test_id("demo-cart").click()
    expect(page.locator(".lines li")).to_have_count(1)
    if locale == "ru":
        axe(page)
    picture(page, f"demo-cart-{locale}")


def test_the_shop_fits_a_small_phone(new_page, picture):
    page = new_page(width=320, height=640)
    for path in ("/demo", "/demo/product/cam", "/demo/cart", "/demo/configure"):
        page.goto(f"{path}?locale=ru")
        expect(page.locator("h1:visible")).to_have_count(1)
        if path != "/demo/configure":
            expect(page.get_by_test_id("baton-launcher")).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        picture(page, f"demo-320{path.replace('/', '-')}")


def test_the_shops_own_button_opens_the_chat(new_page):
    page = new_page()
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").wait_for()
    page.get_by_test_id("demo-open-chat").click()

    frame = page.frame_locator('[data-testid="baton-frame"]')
    expect(frame.get_by_test_id("composer-input")).to_be_focused()


def test_what_lies_in_the_cart_is_kept_and_told_to_baton(new_page):
    page = new_page()
    page.route("**/widget/loader.js*", lambda route: route.fulfill(body=""))
    page.add_init_script("window.Baton = [];")
    page.goto("/demo/product/sense?locale=en")
    page.get_by_test_id("demo-add").click()
    page.get_by_test_id("demo-add").click()

    calls = [call for call in page.evaluate("Baton") if call[0] == "track"]
    assert calls[-1] == ["track", "cart", {"product": "sense", "value": 48, "items": 2}]
    page.goto("/demo/cart?locale=en")
    expect(page.locator(".sums")).to_contain_text("€52.90")  # 48 and delivery
    page.get_by_role("button", name="Remove Havelo Sense").click()
    expect(page.get_by_test_id("demo-cart-empty")).to_be_visible()


def test_who_signs_in_at_the_shop_is_known_to_the_agent_until_they_sign_out(new_page, account):
    login, password = account(languages=("en",))
    desk = new_page()
    desk.goto("/console")
    desk.get_by_test_id("signin-login").fill(login)
    desk.get_by_test_id("signin-password").fill(password)
    desk.get_by_test_id("signin-submit").click()
    desk.get_by_test_id("presence-online").click()

    page = new_page()
    page.goto("/demo?locale=en")
    page.get_by_test_id("demo-sign-in").click()
    page.get_by_test_id("demo-sign-in-mina").click()
    expect(page.get_by_test_id("demo-signed-in")).to_have_text("Mina Park")
    page.reload()
    expect(page.get_by_test_id("demo-signed-in")).to_have_text("Mina Park")
    page.get_by_test_id("demo-open-chat").click()
    frame = page.frame_locator('[data-testid="baton-frame"]')
    expect(frame.locator("body")).to_have_attribute("data-connection", "online")
    frame.get_by_test_id("composer-input").fill("asked by Mina")
    frame.get_by_test_id("composer-input").press("Enter")
    frame.get_by_test_id("talk-to-person").click()

    desk.get_by_test_id("offer-accept").click()
    expect(desk.locator("body")).to_contain_text("Mina Park")
    page.get_by_test_id("demo-sign-out").click()
    expect(page.get_by_test_id("demo-signed-in")).to_have_count(0)
    expect(frame.get_by_test_id("message-text").filter(has_text="asked by Mina")).to_have_count(0)
