"""Files of the pages over HTTP: how they are packed, how long a browser keeps them."""

import gzip

import brotli
import pytest

from handoff_service.web.widget_pages import WidgetPages


@pytest.fixture(scope="module")
def pages():
    return WidgetPages()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
async def test_browsers_hear_the_smallest_coding_they_take(service, pages, accepted, coding):
    http = await service.http()
    address = f"/widget/all.js?v={pages.version}"

    answer = await http.get(address, headers={"Accept-Encoding": accepted}, auto_decompress=False)
    body = await answer.read()

    assert answer.headers.get("Content-Encoding") == coding
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert unpack(body) == pages.assets["/widget/all.js"].body


async def test_what_carries_its_version_is_kept_for_ever_and_nothing_else_is(service, pages):
    http = await service.http()

    kept = {
        address: (await http.get(address)).headers["Cache-Control"]
        for address in (
            f"/widget/all.js?v={pages.version}",
            f"/shared/locales/widget/ko.json?v={pages.version}",
            "/widget/all.js?v=0123456789",
            "/widget/all.js",
            "/widget/frame",
            "/widget/loader.js",
        )
    }

    assert list(kept.values()) == [
        "public, max-age=31536000, immutable",
        "public, max-age=31536000, immutable",
        "no-cache",
        "no-cache",
        "no-cache",
        "public, max-age=300",
    ]


async def test_a_site_that_speaks_first_says_so_to_the_loader_and_what_to_its_companion(
    start_service, tmp_path, pages
):
    rules = tmp_path / "proactive.yml"
    rules.write_text(
        "rules:\n  - {id: hello, site: havelo, when: {seconds_on_page: 5}, text: {en: Hello!}}\n"
    )
    service = await start_service(proactive_file=rules)
    http = await service.http()

    async def read(address):
        answer = await http.get(address)
        return await answer.text(), answer.headers["Cache-Control"]

    loader, _ = await read("/widget/loader.js?site=havelo")
    told, briefly = await read(f"/widget/companion.js?v={pages.version}&site=havelo")
    usual, for_ever = await read(f"/widget/companion.js?v={pages.version}&site=")

    assert '"first":true' in loader
    assert "Hello!" not in loader, "five languages of rules are not in every visitor's loader"
    assert "Hello!" in told.partition("export const plan=")[2]
    assert "plan=" not in usual
    assert (briefly, for_ever) == ("public, max-age=300", "public, max-age=31536000, immutable")
