"""Quotes of articles in the widget: drawn with what they hold, harmless whatever they hold."""

import json
import re

import pytest
from playwright.sync_api import expect

from kb_index.store import describe_article
from tests.browser import articles
from tests.browser.test_widget import frame_of, open_widget, say

__all__ = ["open_widget"]

pytestmark = pytest.mark.browser


@pytest.fixture
def help_pages(service):
    """Publish both articles, as a build does."""
    folder = service.folder / "kb" / "versions" / "one" / "articles" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    for article_id in articles.TITLES:
        page = describe_article(articles.article(article_id), published={"en/balloon"})
        (folder / f"{article_id}.json").write_text(json.dumps(page))
    current = service.folder / "kb" / "current"
    if not current.is_symlink():
        current.symlink_to("versions/one")


def card(chat, text):
    say(chat, text)
    found = chat.get_by_test_id("answer-card").last
    expect(found).to_be_visible()
    return found


@pytest.mark.parametrize(
    ("locale", "dark", "width"),
    [("en", False, 320), ("zh-Hans", True, 320), ("zh-Hant", False, 390), ("ru", True, 390),
     ("ko", False, 1280)],
)  # fmt: skip
def test_lists_tables_code_links_and_pictures_survive(
    open_widget, axe, picture, locale, dark, width
):
    page, chat = open_widget(locale=locale, dark=dark, width=width, height=780)

    steps = card(chat, "balloon: Moor the balloon").get_by_test_id("answer-quote")
    expect(steps.locator("ol > li")).to_have_count(3)
    expect(steps.locator("ol > li").first.locator("ul > li")).to_have_count(2)
    expect(steps.locator("ol > li").nth(1).locator("code").last).to_contain_text("--mast 3")
    expect(steps.get_by_text("[the mooring ring]")).to_be_visible()
    link = steps.get_by_role("link", name="how to land")
    expect(link).to_have_attribute("href", re.compile(r"/help/en/landing#wind$"))
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(steps.get_by_role("link", name="https://havelo.example/wind")).to_be_visible()
    picture(page, f"quote-steps-{locale}-{width}")

    for heading, rows in (("Masts? two M-2", 3), ("Prices", 3)):
        table = card(chat, f"balloon: {heading}").get_by_test_id("answer-quote").locator("table")
        expect(table.locator("tr")).to_have_count(rows)
        expect(table.locator("thead th").last).to_be_visible()
    picture(page, f"quote-tables-{locale}-{width}")

    frame = frame_of(page)
    assert frame.evaluate("document.body.scrollWidth <= innerWidth")
    axe(frame)


def test_an_article_in_another_language_is_marked_in_the_customers(open_widget, picture):
    page, chat = open_widget(locale="ru", width=390, height=780)

    found = card(chat, "balloon: Masts? two M-2")

    expect(found).to_contain_text("Эта статья на английском языке")
    expect(found.get_by_test_id("answer-quote")).to_have_attribute("lang", "en")
    button = chat.get_by_test_id("quick-reply")
    expect(button).to_contain_text("Эта статья на английском языке")
    picture(page, "quote-foreign")


def test_in_the_customers_own_language_nothing_is_marked(open_widget):
    _, chat = open_widget(locale="en")

    found = card(chat, "balloon: Masts? two M-2")

    expect(found).not_to_contain_text("This article is in")


def test_an_answer_longer_than_the_page_is_shown_from_its_beginning(open_widget):
    _, chat = open_widget(width=320, height=420)

    steps = card(chat, "balloon: Moor the balloon")

    expect(steps.get_by_test_id("answer-title")).to_be_in_viewport()
    expect(steps.get_by_test_id("answer-link")).not_to_be_in_viewport()


def test_a_hostile_article_is_mere_words(open_widget, axe, picture):
    page, chat = open_widget(width=320, height=700)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))

    moor = card(chat, "airship: Moor").get_by_test_id("answer-quote")
    expect(moor).to_contain_text("{quote} {language} or pull the epor, then wait. [pixel]")
    expect(moor).to_contain_text("<script>window.hacked=1</script>")  # written as such: `&lt;`
    expect(moor).not_to_contain_text(re.compile(r"<img|<b |<svg|<iframe|onerror|javascript:|\]\("))
    hrefs = moor.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert hrefs == ["https://xn--hvelo-4ve.example/"]
    line = card(chat, "airship: Line").get_by_test_id("answer-quote")
    expect(line).to_contain_text("airshipairship")
    rows = card(chat, "airship: Masts? M-77").get_by_test_id("answer-quote").locator("tbody tr")
    expect(rows.first).to_contain_text("M-77")
    expect(rows.last).to_have_text("…")
    picture(page, "quote-hostile-320")

    frame = frame_of(page)
    assert frame.evaluate("[typeof window.hacked, document.body.scrollWidth <= innerWidth]") == [
        "undefined",
        True,
    ]
    assert frame.locator("script[src='x'], iframe, svg:not(.icon), img:not(#logo)").count() == 0
    assert not [url for url in asked if "tracker" in url or "data:text" in url]
    axe(frame)


def test_the_page_of_a_hostile_article_runs_nothing(new_page, service, help_pages, axe, picture):
    page = new_page(width=320, expected="ERR_NAME_NOT_RESOLVED")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/help/en/airship#masts")

    expect(page.locator("h1")).to_have_text(articles.TITLES["airship"])
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("main script, main iframe, main svg, main [onclick]").count() == 0
    assert page.locator("main a[href^='javascript'], main a[href^='data']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "\u202e" not in page.content()
    picture(page, "help-hostile-320")
    axe(page)


def test_a_link_opens_its_page_at_the_words(new_page, help_pages, picture):
    page = new_page(width=390, height=500)
    words = "Type%20moor"

    page.goto(f"/help/en/balloon#moor-the-balloon:~:text={words}")

    expect(page.get_by_text("Wait for the horn.")).to_be_in_viewport()
    picture(page, "help-at-the-words")
