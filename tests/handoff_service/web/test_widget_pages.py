"""What the widget's pages are made of, and how small they are."""

import json
import re

import pytest

from handoff_service.tone import LOCALES
from handoff_service.web.widget_pages import WidgetPages

#: Bytes after gzip of all that a customer's browser ever loads of us, and of the loader alone.
MAX_BYTES, MAX_LOADER_BYTES = 31_500, 3_000
#: What the loader of a site with its own look and first words is told.
TOLD = {
    "site": "shop",
    "colours": {"light": ["#ffdd00", "#000"], "dark": ["#665800", "#fff"]},
    "position": "start",
    "first": True,
}
#: Words that a browser must not take for markup.
SITE = {"name": "a</script><script>alert(1)</script><!--", "colour": "#0b6e5f"}


@pytest.fixture(scope="module")
def pages():
    return WidgetPages()


@pytest.mark.parametrize("tone", ["formal", "casual"])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_whole_widget_is_small_in_every_language(locale, tone):
    pages = WidgetPages(casual={locale} if tone == "casual" else ())
    parts = {
        "loader": pages.loader(TOLD),
        "frame": pages.frame({}, locale=locale),
        **{
            address: pages.assets[address]
            for address in ("/widget/companion.js", f"/widget/all.{locale}.js", "/widget/all.css")
        },
    }

    sizes = {address: len(asset.encoded("gzip")) for address, asset in parts.items()}

    assert sizes["loader"] <= MAX_LOADER_BYTES
    assert sum(sizes.values()) <= MAX_BYTES, sizes


def test_a_site_is_told_to_both_pages_and_cannot_break_out(pages):
    loader = pages.loader(SITE).body.decode()
    frame = pages.frame(SITE).body.decode()

    assert "<" not in loader[loader.index('"a\\u003c/') :]
    block = re.search(r"<script type=application/json id=site>(.*?)</script>", frame)[1]
    assert json.loads(block) == SITE
    assert "alert(1)</script>" not in frame


def test_a_page_as_written_loads_its_modules_one_by_one():
    page = WidgetPages(small=False).frame(SITE, locale="ko").body.decode()

    assert '<script type="module" src="/widget/app.js">' in page
    assert "/widget/all." not in page
    assert json.loads(re.search(r'id="site">(.*?)</script>', page)[1]) == SITE


@pytest.mark.parametrize(("locale", "script"), [("ko", "all.ko.js"), ("../x", "all.js")])
def test_strings_of_the_likely_language_come_with_the_script(pages, locale, script):
    page = pages.frame({}, locale=locale).body.decode()

    assert f"/widget/{script}?v={pages.version}" in page
    told = pages.assets[f"/widget/{script}"].body.decode()
    assert told.startswith('var STRINGS={locale:"ko"') == (locale == "ko")


def test_the_version_follows_what_the_frame_loads(pages):
    assert WidgetPages(casual=LOCALES).version != pages.version == WidgetPages().version
