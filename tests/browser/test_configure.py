"""The page that sets the widget up: what it shows is the real widget, what it writes works."""

import re

import pytest
import yaml
from playwright.sync_api import expect

from handoff_service.contrast import palette
from handoff_service.sites_file import read_draft
from tests.browser.shop import ShopServer

pytestmark = pytest.mark.browser

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")


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


def preview(page):
    return page.frame_locator('[data-testid="preview"]')


def chat(page):
    return preview(page).frame_locator('[data-testid="baton-frame"]')


def brand(page):
    """Return the colour of the head of the conversation in the preview."""
    return (
        chat(page)
        .locator("header")
        .first.evaluate("(head) => getComputedStyle(head).backgroundColor")
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_speaks_five_languages_and_is_clean(new_page, axe, picture, locale):
    page = new_page(height=1400)
    page.goto(f"/demo/configure?locale={locale}")

    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.get_by_test_id("contrast").locator("dd")).to_have_count(4)
    expect(chat(page).locator("#greeting h2")).to_be_visible()
    assert page.locator("[data-t]:empty").count() == 0
    axe(page)
    picture(page, f"configure-{locale}")


def test_what_is_chosen_is_what_the_real_widget_shows(new_page, picture):
    page = new_page(height=1400)
    page.goto("/demo/configure?locale=en")
    expect(chat(page).locator("#greeting h2")).to_be_visible()

    page.get_by_test_id("colour").fill("#ffdd00")
    page.get_by_test_id("name").fill("The <b>lamp</b> shop")
    page.get_by_test_id("greeting").fill("Light?")
    page.get_by_test_id("suggestions").fill("Which bulb fits?\nWhere is my lamp?")
    page.get_by_label("Button, as").fill("Ask the lamp shop")
    page.get_by_label("Logo").fill("/demo/img/mark.svg")
    page.get_by_test_id("position").select_option("start")
    page.get_by_test_id("who").select_option("mina")
    page.get_by_test_id("suggestions").focus()

    expect(chat(page).locator("#greeting h2")).to_have_text("Light?")
    expect(chat(page).locator("#title")).to_have_text("The <b>lamp</b> shop")
    expect(chat(page).get_by_test_id("suggestion")).to_have_count(2)
    expect(chat(page).locator("#logo")).to_be_visible()
    assert brand(page) == "rgb(255, 221, 0)"
    expect(page.get_by_test_id("contrast")).to_contain_text("instead of #ffdd00 (1.2")
    expect(preview(page).locator("script[data-identity]")).to_have_count(1)
    launcher = preview(page).get_by_test_id("baton-launcher")
    window = page.get_by_test_id("preview")
    assert launcher.bounding_box()["x"] - window.bounding_box()["x"] < 60
    expect(page.get_by_test_id("suggestions")).to_be_focused()
    picture(page, "configure-chosen")

    launcher.click()
    expect(launcher).to_have_attribute("aria-label", "Ask the lamp shop")
    page.get_by_test_id("theme").select_option("dark")
    expect(chat(page).locator("html")).to_have_attribute("data-theme", "dark")
    site = read_draft(page.get_by_test_id("file").text_content()).all[0]
    assert (site.key, site.name, site.theme) == ("shop", "The <b>lamp</b> shop", "dark")
    assert site.colours == palette("#ffdd00")
    assert site.suggestions == {"en": ("Which bulb fits?", "Where is my lamp?")}


def test_what_cannot_be_used_is_said_and_the_preview_stays(new_page):
    page = new_page()
    page.goto("/demo/configure?locale=en")
    expect(page.get_by_test_id("problems")).to_be_hidden()

    page.get_by_test_id("origins").fill("shop.example")

    expect(page.get_by_test_id("problems")).to_contain_text("'shop.example' cannot be used")
    page.get_by_test_id("origins").fill("https://shop.example")
    expect(page.get_by_test_id("problems")).to_be_hidden()
    page.get_by_test_id("suggestions").fill("\n".join(["정" * 100] * 6))
    page.get_by_label("Below the greeting").fill("안" * 300)
    expect(page.get_by_test_id("problems")).to_contain_text("Too long for the preview")


def test_the_tag_can_be_copied_and_works_on_a_page_of_another_origin(new_page, shop):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    late = re.compile("/shared/locales/widget/")
    page.route(late, lambda _: None)  # What there is to copy waits for nothing.
    page.goto("/demo/configure?locale=en")
    page.get_by_test_id("copy-tag").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    page.unroute(late)
    tag = page.evaluate("navigator.clipboard.readText()")
    copied = re.match(r'<script async src="([^"]+)"></script>\n', tag)

    page.goto(f"{shop.origin}/?bare=1")
    page.evaluate(
        """(address) => {
             const script = document.createElement("script");
             script.async = true;
             script.src = address;
             document.body.append(script);
           }""",
        copied[1],
    )

    page.get_by_test_id("baton-launcher").click()
    frame = page.frame_locator('[data-testid="baton-frame"]')
    expect(frame.locator("body")).to_have_attribute("data-connection", "online")


def test_without_a_clipboard_the_text_is_selected(new_page):
    page = new_page()
    page.add_init_script(
        """Object.defineProperty(navigator, "clipboard", { value: undefined });
           document.execCommand = () => false;"""
    )
    page.goto("/demo/configure?locale=en")
    expect(page.get_by_test_id("file")).to_contain_text("sites:")

    page.get_by_test_id("copy-file").click()

    expect(page.locator("#copied")).to_contain_text("press Ctrl+C")
    assert page.evaluate("getSelection().toString()").strip() == "sites:\n  shop: {}"


def test_the_text_for_the_file_is_yaml_whatever_is_typed(new_page):
    page = new_page()
    page.goto("/demo/configure?locale=en")
    nasty = 'A: "b" #c \\ {d} [é] 中'
    page.get_by_test_id("name").fill(nasty)
    page.get_by_test_id("key").fill("off")

    expect(page.get_by_test_id("file")).to_contain_text("off")
    written = yaml.safe_load(page.get_by_test_id("file").text_content())
    assert written["sites"]["off"]["name"] == nasty
