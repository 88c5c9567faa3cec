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
    page.goto(shop.foreign_origin)
    with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
        page.get_by_test_id("baton-launcher").click()

    page.get_by_test_id("baton-frame").wait_for()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.get_by_test_id("composer-input")).to_have_count(0)


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
    page.wait_for_function("heard.includes('message')")
    page.evaluate("Baton.close()")

    expect(page.get_by_test_id("baton-frame")).to_be_hidden()
    assert page.evaluate("heard") == ["open", "ready", "message", "close"]


def test_a_page_that_allows_our_origin_and_nothing_else_gets_everything(new_page, shop):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{shop.origin}/strict")
    page.get_by_test_id("baton-launcher").wait_for()
    assert not [url for url in asked if url.startswith(shop.service) and "loader.js" not in url]
    page.get_by_test_id("baton-launcher").hover()
    page.get_by_test_id("baton-frame").wait_for(state="attached")
    expect(page.get_by_test_id("baton-frame")).to_be_hidden()
    page.get_by_test_id("baton-launcher").click()

    expect(chat_of(page).locator("body")).to_have_attribute("data-connection", "online")
    assert any("/widget/companion.js" in url for url in asked)
    assert all(url.startswith((shop.origin, shop.service, "data:")) for url in asked), asked
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie + Object.keys(localStorage)") == ""


def test_a_hostile_page_neither_hides_nor_breaks_it(new_page, shop, picture):
    page = new_page()
    page.goto(f"{shop.origin}/hostile")
    launcher = page.get_by_test_id("baton-launcher")
    chat = chat_of(page)

    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(page.locator("[data-baton]")).to_have_count(1)
    page.wait_for_function("heard.includes('ready')")
    box = page.get_by_test_id("baton-frame").bounding_box()
    assert (box["x"], box["width"]) == (20, 400), "the end of a line from right to left is its left"
    chat.get_by_test_id("composer-input").fill("password")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    picture(page, "hostile-page")
    chat.get_by_test_id("close-widget").click()
    expect(launcher).to_be_focused()
    box = launcher.bounding_box()
    assert (box["x"], box["width"], box["height"]) == (20, 60, 60)


def test_a_page_that_changes_its_whole_body_keeps_the_conversation(new_page, shop):
    page = new_page()
    page.goto(f"{shop.origin}/strict")
    page.get_by_test_id("baton-launcher").click()
    chat = chat_of(page)
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    chat.get_by_test_id("composer-input").fill("not sent yet")

    page.evaluate("document.body.replaceChildren(); document.body = document.createElement('body')")
    expect(chat.get_by_test_id("composer-input")).to_have_value("not sent yet")
    page.evaluate("document.querySelector('[data-baton]').remove()")
    expect(chat.get_by_test_id("composer-input")).to_have_value("not sent yet")
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    page.evaluate("Baton.hide()")
    expect(page.get_by_test_id("baton-launcher")).to_be_hidden()
    page.evaluate("Baton.show(); Baton.open()")
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    page.evaluate("Baton.destroy()")
    expect(page.locator("[data-baton]")).to_have_count(0)
    assert page.evaluate("typeof Baton") == "undefined"


def test_a_page_written_anew_may_bring_the_tag_again(new_page, shop):
    page = new_page()
    page.goto(f"{shop.origin}/")
    page.get_by_test_id("baton-launcher").wait_for()
    address = f"{shop.service}/widget/loader.js"
    page.evaluate(
        """(address) => {
             document.open();
             document.write(`<h1>Anew</h1><script async src="${address}"><\\/script>`);
             document.close();
           }""".replace("\\\\", "\\"),
        address,
    )

    page.get_by_test_id("baton-launcher").click()
    expect(chat_of(page).locator("body")).to_have_attribute("data-connection", "online")
    expect(page.locator("[data-baton]")).to_have_count(1)


def test_a_hidden_tab_tells_of_messages_and_has_its_own_title_back(new_page, shop):
    page = new_page()
    page.goto(f"{shop.origin}/")
    page.get_by_test_id("baton-launcher").click()
    chat = chat_of(page)
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    page.evaluate(
        """() => {
             Object.defineProperty(document, "hidden", {get: () => window.away});
             window.away = true;
             document.dispatchEvent(new Event("visibilitychange"));
           }"""
    )
    frame = page.frames[-1]
    chat.get_by_test_id("composer-input").fill("password")
    frame.evaluate(
        "() => { document.getElementById('composer').requestSubmit();"
        " document.getElementById('close').click(); }"
    )

    expect(page.get_by_test_id("baton-badge")).to_have_text("1")
    expect(page.get_by_test_id("baton-launcher")).to_have_attribute("aria-label", "채팅 상담 (1)")
    expect(page).to_have_title("(1) A shop")
    expect(page).to_have_title("A shop")
    expect(page).to_have_title("(1) A shop")
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("A shop")


def test_on_a_phone_the_page_behind_stays_where_it_is(new_page, shop):
    page = new_page(width=360, height=640)
    page.goto(f"{shop.origin}/")
    page.evaluate("document.documentElement.style.overflow = 'auto'")
    page.get_by_test_id("baton-launcher").click()
    chat = chat_of(page)
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    assert page.get_by_test_id("baton-frame").bounding_box() == {
        "x": 0, "y": 0, "width": 360, "height": 640,
    }  # fmt: skip
    page.wait_for_function("document.documentElement.style.overflow === 'hidden'")
    chat.get_by_test_id("close-widget").click()
    expect(page.get_by_test_id("baton-launcher")).to_be_visible()
    page.wait_for_function("document.documentElement.style.overflow === 'auto'")


def chat_of(page):
    return page.frame_locator('[data-testid="baton-frame"]')
