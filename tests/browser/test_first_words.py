"""The site speaks first, and tells of known problems before anybody asks."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

RULES = """
rules:
  - id: cart
    site: havelo
    when: {page: /demo, seconds_on_page: 1, event: {name: cart, at_least: {value: 100}}}
    text: {en: "Questions before you order?", ko: "주문 전에 궁금한 점이 있으신가요?"}
    suggestions: {en: ["How do I return it?"]}
"""
SILENT = "() => JSON.parse(localStorage['baton.first']).until > Date.now()"


@pytest.fixture(scope="module")
def more_settings(tmp_path_factory):
    file = tmp_path_factory.mktemp("first") / "proactive.yml"
    file.write_text(RULES)
    return {"BATON_PROACTIVE_FILE": str(file)}


@pytest.fixture
def shop(new_page):
    """Return a function that opens the demo shop, its rules loaded."""

    def make(locale="en"):
        page = new_page()
        page.goto(f"/demo?locale={locale}")
        page.wait_for_function("() => 'baton.first' in localStorage")
        return page

    return make


@pytest.fixture
def supervisor(new_page, account):
    """Return the console of somebody who may tell all customers something."""
    login, password = account(role="supervisor")
    page = new_page(width=1360, expected="status of 400")  # a refused notice is one
    page.goto("/console")
    page.get_by_test_id("signin-login").fill(login)
    page.get_by_test_id("signin-password").fill(password)
    page.get_by_test_id("signin-submit").click()
    expect(page.locator("body")).to_have_attribute("data-connection", "online")
    return page


def track(page, value):
    page.evaluate("value => Baton.track('cart', {value})", value)


def test_a_rule_that_fits_speaks_once_and_the_bot_goes_on_from_there(shop, picture, axe):
    page = shop()
    teaser = page.get_by_test_id("baton-teaser")
    track(page, 99)
    expect(teaser).to_be_hidden()

    track(page, 150)
    expect(teaser).to_have_text("Questions before you order?")
    picture(page, "first-word")
    drawn = "(button, which) => getComputedStyle(button, '::before')[which]"
    close = page.get_by_test_id("baton-teaser-close")
    assert [close.evaluate(drawn, which) for which in ("position", "clipPath")] == [
        "static",
        "none",
    ]
    assert teaser.evaluate(drawn, "content") in ("none", "normal")
    axe(page)
    teaser.click()

    chat = page.frame_locator('[data-testid="baton-frame"]')
    said = chat.get_by_test_id("transcript")
    expect(said).to_contain_text("Questions before you order?")
    chat.get_by_role("button", name="How do I return it?").click()
    asked = said.get_by_role("paragraph").filter(has_text="How do I return it?")
    expect(asked).to_be_visible()
    page.reload()
    expect(said).to_contain_text("Questions before you order?")
    expect(said.get_by_text("Questions before you order?")).to_have_count(1)


def test_a_rule_speaks_the_pages_language_and_never_twice_a_day(shop):
    page = shop("ko")
    track(page, 150)
    expect(page.get_by_test_id("baton-teaser")).to_have_text("주문 전에 궁금한 점이 있으신가요?")

    page.reload()
    page.wait_for_function("() => 'baton.first' in localStorage && window.Baton?.track")
    track(page, 150)
    page.wait_for_function("() => JSON.parse(localStorage['baton.first']).shown.length === 1")

    expect(page.get_by_test_id("baton-teaser")).to_be_hidden()


def test_one_that_is_sent_away_stays_away(shop):
    page = shop()
    track(page, 150)

    page.get_by_test_id("baton-teaser-close").click()

    page.wait_for_function(SILENT)
    expect(page.get_by_test_id("baton-teaser")).to_be_hidden()
    page.reload()
    page.wait_for_function(SILENT)


def test_a_problem_published_in_the_console_is_told_answered_and_taken_back(
    shop, supervisor, picture, axe
):
    page = shop()
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    desk = supervisor

    desk.get_by_test_id("notices-open").click()
    desk.get_by_test_id("notice-publish").click()
    expect(desk.get_by_test_id("notice-fault")).not_to_be_empty()
    desk.get_by_test_id("notice-title-en").fill("Sign-in is slow")
    desk.get_by_test_id("notice-text-en").fill("It takes a minute.\nWe look into it.")
    desk.get_by_test_id("notice-link").fill("/help/en/")
    expect(desk.get_by_test_id("notice-preview")).to_contain_text("Sign-in is slow")
    axe(desk)
    picture(desk, "console-notices")
    desk.get_by_test_id("notice-publish").click()
    expect(desk.get_by_test_id("notice-row")).to_contain_text("Sign-in is slow")
    expect(desk.get_by_test_id("notice-title-en")).to_have_value("")

    notice = chat.get_by_test_id("notice")
    expect(notice).to_contain_text("We look into it.")
    expect(notice.get_by_role("link")).to_have_attribute("target", "_blank")
    picture(page, "widget-notice")
    frame = next(frame for frame in page.frames if "/widget/frame" in frame.url)
    axe(frame)

    chat.get_by_test_id("composer-input").fill("is this known?")
    chat.get_by_test_id("composer-send").click()
    card = chat.get_by_test_id("answer-card")
    expect(card).to_contain_text("It takes a minute.")
    expect(chat.get_by_role("button", name="My problem is another one")).to_be_visible()
    picture(page, "widget-notice-answer")

    chat.locator("summary", has_text="Sign-in is slow").click()
    expect(notice.get_by_text("We look into it.")).to_be_hidden()
    page.reload()
    expect(notice.get_by_text("We look into it.")).to_be_hidden()
    expect(notice).to_contain_text("Sign-in is slow")

    desk.get_by_test_id("notice-withdraw").click()
    expect(notice).to_have_count(0)
    expect(desk.get_by_test_id("notice-row")).to_have_count(0)
