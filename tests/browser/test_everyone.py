"""The widget for everyone: keyboard, screen reader, zoom, wide text, right to left, sound."""

import json

import pytest
from playwright.sync_api import expect

from handoff_service.contrast import palette
from tests.browser.conftest import ROOT
from tests.browser.states import FAULTS
from tests.browser.test_widget import frame_of, open_widget, own, say  # noqa: F401

pytestmark = pytest.mark.browser

#: Notes every text that a live region is given.
LISTEN = """() => {
  window.heard = [];
  for (const region of document.querySelectorAll("[aria-live=polite], [role=status], [role=alert]"))
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) if (node.textContent) window.heard.push(node.textContent);
    }).observe(region, { childList: true, subtree: true });
}"""
#: What readers may set for themselves (WCAG 2.2, 1.4.12).
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
#: Whether the clipboard holds what begins so.
COPIED = "async (text) => (await navigator.clipboard.readText()).startsWith(text)"
#: Counts the tones that are played.
COUNT_TONES = """window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; start.apply(this, when); };
"""
#: Letters of the Arabic script for those of the Latin one: text that runs from right to left.
ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه")


def heard(page):
    return frame_of(page).evaluate("window.heard.splice(0)")


def focused(page):
    return frame_of(page).evaluate("document.activeElement.dataset.testid")


def test_each_word_is_read_aloud_once_and_history_never(open_widget):  # noqa: F811
    page, chat = open_widget()
    frame_of(page).evaluate(LISTEN)

    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply")).to_have_count(2)
    frame_of(page).wait_for_function("heard.some((text) => text.includes('What do you mean'))")

    read = heard(page)
    words = [text for text in read if "What do you mean" in text]
    assert words == ["Assistant: What do you mean? · Password · None of these"]
    assert not [text for text in read if "unclear" in text], "who writes knows their own words"

    page.evaluate("Baton.setLocale('ko')")
    expect(chat.locator("body")).to_have_attribute("data-locale", "ko")
    page.reload()
    expect(own(chat, "unclear")).to_be_visible()
    frame_of(page).evaluate(LISTEN)
    chat.get_by_test_id("composer-input").fill("markup")
    chat.get_by_test_id("composer-input").press("Enter")
    expect(chat.get_by_test_id("message")).to_have_count(4)
    assert [text for text in heard(page) if "mean" in text] == []


def test_the_keyboard_does_everything_and_keeps_its_place(open_widget):  # noqa: F811
    page, chat = open_widget()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press, write = page.keyboard.press, page.keyboard.type
    write("How do I reset it?")
    press("Enter")
    expect(chat.get_by_test_id("answer-card")).to_be_visible()
    assert focused(page) == "composer-input"

    write("Thanks ")
    press("Tab")
    press("Enter")  # opens the emoji
    press("ArrowRight")
    press("ArrowDown")
    press("Enter")
    write(" done")
    expect(chat.get_by_test_id("composer-input")).to_have_value("Thanks 😉 done")

    stops = []
    while "menu-button" not in stops and len(stops) < 20:
        press("Shift+Tab")
        stops.append(focused(page))
        expect(chat.locator(":focus")).to_be_in_viewport(ratio=0.9)
    wanted = [
        "copy",
        "vote-no",
        "vote-yes",
        "answer-link",
        "transcript",
        "talk-to-person",
        "close-widget",
    ]
    assert [stop for stop in stops if stop in wanted] == wanted

    press("Enter")
    press("End")
    press("Enter")
    expect(chat.locator("body")).to_have_attribute("data-locale", "ko")
    assert focused(page) == "menu-button"
    press("ArrowDown")  # does nothing while the menu is closed
    press("Enter")
    press("Escape")
    expect(chat.get_by_test_id("menu")).to_be_hidden()
    assert focused(page) == "menu-button"

    chat.get_by_test_id("vote-yes").focus()
    press("Space")
    expect(chat.get_by_test_id("vote-yes")).to_have_attribute("aria-pressed", "true")
    assert focused(page) == "vote-yes"
    chat.get_by_test_id("copy").focus()
    press("Enter")
    frame_of(page).wait_for_function(COPIED, arg="This article should")
    press("ArrowUp")
    press("Enter")
    frame_of(page).wait_for_function(COPIED, arg="How do I reset it?")

    press("Escape")
    expect(page.get_by_test_id("baton-launcher")).to_be_focused()


@pytest.mark.parametrize("locale", ["ru", "ko"])
def test_it_can_be_read_enlarged_four_times_and_with_wide_text(open_widget, locale):  # noqa: F811
    """320 by 256 is 1280 by 1024 at 400 % (WCAG 2.2, 1.4.10)."""
    page, chat = open_widget(locale=locale, width=320, height=256)
    say(chat, "password")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    chat.get_by_test_id("talk-to-person").click()
    expect(chat.get_by_test_id("leave-form")).to_be_visible()

    for height in (256, 568):
        page.set_viewport_size({"width": 320, "height": height})
        assert frame_of(page).evaluate(FAULTS) == []
        expect(chat.get_by_test_id("composer-input")).to_be_in_viewport(ratio=0.9)
        expect(chat.get_by_test_id("talk-to-person")).to_be_in_viewport(ratio=1)
    chat.get_by_test_id("leave-send").scroll_into_view_if_needed()
    expect(chat.get_by_test_id("leave-send")).to_be_in_viewport()

    frame_of(page).evaluate(SPACED)
    assert frame_of(page).evaluate(FAULTS) == []
    expect(chat.get_by_test_id("composer-input")).to_be_in_viewport(ratio=0.9)
    chat.get_by_test_id("cancel-handoff").click()
    expect(chat.locator("body")).to_have_attribute("data-state", "bot")


def test_a_language_written_from_right_to_left_is_mirrored(new_page, axe, picture):
    english = (ROOT / "handoff_service/web/shared/locales/widget/en.json").read_text()
    arabic = json.loads(english, object_hook=_in_arabic_letters)
    page = new_page(width=390, height=720)
    page.route("**/locales/widget/en.json*", lambda route: route.fulfill(json=arabic))
    page.goto("/demo?locale=en")
    page.get_by_test_id("baton-launcher").click()
    chat = page.frame_locator('[data-testid="baton-frame"]')
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    frame_of(page).evaluate("document.documentElement.dir = 'rtl'")
    say(chat, "markup?")
    say(chat, "password")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    chat.get_by_test_id("talk-to-person").click()
    expect(chat.get_by_test_id("leave-form")).to_be_visible()

    def left(test_id):
        return chat.get_by_test_id(test_id).first.bounding_box()["x"]

    assert left("close-widget") < left("menu-button")
    assert left("composer-send") < left("composer-input")
    assert own(chat, "password").bounding_box()["x"] < 100, "one's own words stand at the left"
    assert frame_of(page).evaluate(FAULTS) == []
    axe(frame_of(page))
    picture(page, "widget-right-to-left")
    chat.get_by_test_id("menu-button").click()
    assert left("menu") < 100
    assert frame_of(page).evaluate(FAULTS) == []
    chat.get_by_test_id("cancel-handoff").click()


@pytest.mark.parametrize("colour", ["#ffdd00", "#5b21ff"])
def test_a_brand_of_any_colour_can_be_read(open_widget, axe, picture, colour):  # noqa: F811
    page, chat = open_widget()
    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply")).to_have_count(2)
    say(chat, "password")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    chat.get_by_test_id("vote-yes").click()
    frame_of(page).evaluate(
        "shades => Object.entries(shades).forEach(([name, value]) =>"
        " document.documentElement.style.setProperty(name, value))",
        palette(colour).as_css(),
    )

    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        axe(frame_of(page))
        picture(page, f"widget-brand-{colour[1:]}-{theme}")
    page.emulate_media(forced_colors="active")
    picture(page, f"widget-brand-{colour[1:]}-forced")


def test_on_glass_the_keyboard_stays_down_until_the_field_is_tapped(open_widget):  # noqa: F811
    _, chat = open_widget(width=390, height=760, has_touch=True, is_mobile=True)
    expect(chat.get_by_test_id("transcript")).to_be_focused()
    expect(chat.get_by_test_id("emoji-button")).to_be_hidden()
    chat.get_by_test_id("composer-input").tap()
    expect(chat.get_by_test_id("composer-input")).to_be_focused()
    say(chat, "unclear")
    expect(chat.get_by_test_id("quick-reply")).to_have_count(2)
    own(chat, "unclear").tap()
    expect(own(chat, "unclear").get_by_test_id("copy")).to_be_visible()


def test_a_message_sounds_while_nobody_looks_unless_it_was_switched_off(open_widget):  # noqa: F811
    page, chat = open_widget()
    page.context.add_init_script(COUNT_TONES)
    page.reload()
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")

    def tones_of_a_closed_widget():
        expect(page.get_by_test_id("baton-badge")).to_be_hidden()
        chat.get_by_test_id("composer-input").fill("password")
        frame_of(page).evaluate(
            "() => { document.getElementById('composer').requestSubmit();"
            " document.getElementById('close').click(); }"
        )
        expect(page.get_by_test_id("baton-badge")).to_have_text("1")
        page.get_by_test_id("baton-launcher").click()
        return frame_of(page).evaluate("window.tones")

    say(chat, "seen as it comes")
    expect(chat.get_by_test_id("answer-card")).to_have_count(1)
    assert frame_of(page).evaluate("window.tones") == 0
    assert tones_of_a_closed_widget() == 1

    chat.get_by_test_id("menu-button").click()
    chat.get_by_test_id("menu-sound").click()
    page.reload()
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    chat.get_by_test_id("menu-button").click()
    expect(chat.get_by_test_id("menu-sound")).to_have_attribute("aria-checked", "false")
    chat.get_by_test_id("menu-sound").press("Escape")
    assert tones_of_a_closed_widget() == 0


def _in_arabic_letters(strings):
    """Translate what is no placeholder."""
    return {
        key: "".join(
            part if part.startswith("{") else part.lower().translate(ARABIC)
            for part in text.replace("{", "\0{").replace("}", "}\0").split("\0")
        )
        if isinstance(text, str)
        else text
        for key, text in strings.items()
    }
