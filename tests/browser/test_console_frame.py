"""Around the desk: sections, keys, palette, colours, dialogs, on a screen and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, say

pytestmark = pytest.mark.browser

MODIFIER = "Control"
#: The window is not in front; what the system is asked to show is kept, and shown.
NOBODY_LOOKS = """() => {
  const Real = Notification;
  document.hasFocus = () => false;
  globalThis.told = [];
  globalThis.Notification = class extends Real {
    constructor(title, options) { super(title, options); told.push(title); }
  };
}"""


def command(page, letters):
    """Do what the command palette finds first."""
    page.keyboard.press(f"{MODIFIER}+k")
    page.get_by_test_id("palette-input").fill(letters)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("palette-dialog")).to_have_count(0)


def test_set_aside_and_taken_up_again_without_the_mouse(customer, agent, axe, picture):
    _, chat = customer()
    desk = agent()
    ask_for_a_person(chat)
    expect(desk.get_by_test_id("offer-item")).to_have_count(1)
    desk.keyboard.press("a")
    expect(desk.get_by_test_id("composer-input")).to_be_focused()
    desk.keyboard.press("Escape")

    desk.keyboard.press("?")
    sheet = desk.get_by_test_id("shortcuts-dialog")
    expect(sheet).to_contain_text("Set the conversation aside")
    expect(sheet).to_contain_text("Command palette")
    axe(desk)
    picture(desk, "console-keys")
    desk.keyboard.press("Escape")

    desk.keyboard.press("p")
    expect(desk.get_by_test_id("park-dialog")).to_be_visible()
    axe(desk)
    picture(desk, "console-park")
    desk.get_by_test_id("park-own").check()
    desk.get_by_test_id("park-confirm").click()
    expect(desk.get_by_test_id("park-dialog").get_by_role("alert")).to_contain_text("30 days")
    desk.get_by_test_id("park-hours").check()
    desk.get_by_test_id("park-note").fill("asks the depot")
    desk.get_by_test_id("park-confirm").click()
    expect(desk.get_by_test_id("conversation-item")).to_have_count(0)
    expect(desk.get_by_test_id("parked-item")).to_contain_text("Firmware")
    picture(desk, "console-parked")

    command(desk, "take up")
    expect(desk.get_by_test_id("conversation-item")).to_have_count(1)
    expect(desk.get_by_test_id("parked-item")).to_have_count(0)
    say(chat, "still here")
    expect(desk.get_by_test_id("transcript")).to_contain_text("still here")


def test_passed_on_to_a_colleague_found_by_a_few_letters(customer, agent, axe, picture):
    _, chat = customer()
    mina = agent()
    ask_for_a_person(chat)
    mina.get_by_test_id("offer-accept").click()
    expect(mina.get_by_test_id("conversation")).to_be_visible()
    sofia = agent(name="Sofia Orlova")

    mina.keyboard.press("Escape")
    mina.keyboard.press("t")
    mina.get_by_test_id("transfer-input").fill("sofi")
    expect(mina.get_by_test_id("transfer-item").first).to_contain_text("Sofia Orlova")
    expect(mina.get_by_test_id("transfer-item").first).to_contain_text("0 of 3")
    axe(mina)
    picture(mina, "console-transfer")
    mina.keyboard.press("Enter")
    expect(mina.get_by_test_id("transfer-note")).to_be_focused()
    mina.keyboard.type("knows hubs")
    mina.get_by_test_id("transfer-confirm").click()

    expect(mina.get_by_test_id("conversation-item")).to_have_count(0)
    expect(sofia.get_by_test_id("offer-card")).to_contain_text("knows hubs")
    sofia.keyboard.press("a")
    expect(sofia.get_by_test_id("conversation")).to_be_visible()


def test_the_desk_goes_on_while_another_section_is_open(customer, agent, axe, picture):
    desk = agent(locale="ru", permissions=["notifications"])
    desk.evaluate(NOBODY_LOOKS)
    command(desk, "обращ")
    expect(desk).to_have_url(re.compile("#/inbox"))
    expect(desk.get_by_test_id("nav-inbox")).to_have_attribute("aria-current", "page")
    expect(desk.locator("#desk")).to_be_hidden()

    _, chat = customer()
    ask_for_a_person(chat)
    bar = desk.get_by_test_id("offer-bar")
    expect(bar).to_be_visible()
    desk.wait_for_function("told.length > 0")
    assert desk.evaluate("told") == ["Вас ждёт клиент"]
    expect(desk.locator("link[rel=icon]")).to_have_attribute("href", re.compile("dot"))
    expect(desk).to_have_title(re.compile(r"^\(1\) "))
    axe(desk)
    picture(desk, "console-offer-bar-ru")
    desk.keyboard.press("d")
    expect(bar).to_be_hidden()

    _, second = customer()
    ask_for_a_person(second)
    # A Russian keyboard has another letter where A stands.
    expect(bar).to_be_visible()
    desk.evaluate(
        "document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ф', code: 'KeyA', bubbles: true, cancelable: true}))"
    )
    expect(desk.get_by_test_id("conversation")).to_be_visible()
    expect(desk.get_by_test_id("nav-desk")).to_have_attribute("aria-current", "page")
    expect(desk.get_by_test_id("detail-device")).to_contain_text("Linux")
    expect(desk.get_by_test_id("profile")).to_contain_text("Это первый")

    desk.keyboard.press("Escape")
    desk.keyboard.press("2")
    expect(desk.locator("#desk")).to_be_hidden()
    say(second, "are you there?")
    expect(desk.get_by_test_id("nav-desk")).to_contain_text("1")
    desk.go_back()
    expect(desk.get_by_test_id("transcript")).to_contain_text("are you there?")
    desk.reload()
    expect(desk.get_by_test_id("transcript")).to_contain_text("are you there?")
    held = desk.get_by_test_id("conversation").get_attribute("data-conversation-id")
    assert desk.url.endswith(f"#/desk/{held}")
    desk.goto("about:blank")
    desk.goto(f"/console#/conversation/{held}")
    expect(desk.get_by_test_id("nav-desk")).to_have_attribute("aria-current", "page")
    expect(desk.get_by_test_id("composer-input")).to_be_visible()
    desk.goto("/console#/nowhere")
    expect(desk.get_by_test_id("toast")).to_have_text("Такой страницы нет.")
    expect(desk.get_by_test_id("nav-desk")).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize(("locale", "dark"), [("zh-Hans", True), ("zh-Hant", False), ("ko", True)])
def test_the_frame_fits_a_phone_in_every_language(agent, axe, picture, locale, dark):
    desk = agent(width=390, height=800, locale=locale, dark=dark, presence="offline", role="admin")
    desk.get_by_test_id("palette-open").click()
    expect(desk.get_by_test_id("palette-item").first).to_be_visible()
    axe(desk)
    picture(desk, f"console-phone-palette-{locale}")
    desk.get_by_test_id("palette-input").fill("qqqq")
    expect(desk.get_by_test_id("palette-none")).not_to_be_empty()
    desk.keyboard.press("Escape")
    for link in desk.locator("#rail a").all():
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390
    picture(desk, f"console-phone-frame-{locale}")
    desk.get_by_test_id("nav-desk").click()
    expect(desk.get_by_test_id("lists-empty")).to_be_visible()
    axe(desk)


def test_colours_are_chosen_and_kept(agent, axe):
    desk = agent()
    html = desk.locator("html")
    expect(html).not_to_have_attribute("data-theme", re.compile("."))
    for theme in ("light", "dark"):
        desk.get_by_test_id("theme-toggle").click()
        expect(html).to_have_attribute("data-theme", theme)
    desk.reload()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(desk.get_by_test_id("theme-toggle")).to_have_attribute("aria-label", "Colours: dark")
    axe(desk)
