"""Websites are read politely: what robots.txt forbids, other hosts and traps are left alone."""

import asyncio
import gzip
from dataclasses import replace

import pytest
from aiohttp import web

from kb_index.errors import SourceUnreadable
from kb_index.sources.settings import Limits, source_of
from tests.kb_index.sources.website import Website, serve

DAY_MS = 86_400_000


@pytest.fixture
def site():
    with serve(Website()) as running:
        yield running


@pytest.fixture
def crawl(read, site):
    """Read the site from a path on; limits and other settings by name."""

    def run(path="/help/", *, now_ms=1_000, limits=None, **settings):
        source = replace(
            source_of(site.url + path),
            limits=Limits(**{"delay_s": 0, "timeout_s": 20, **(limits or {})}),
            **settings,
        )
        return read(source, now_ms=now_ms)

    return run


def titles(reading):
    return sorted(article.title for article in reading.articles)


def refused(reading, site):
    return {one.origin.removeprefix(site.url): one.reason for one in reading.sources[0].refused}


def test_links_are_followed_under_the_start_and_no_further(site, crawl):
    site.pages = {
        "/help/": site.page(
            "Start", "wifi", "/help/pay?utm=1#x", "/about", "//other.example/", "p.zip"
        ),
        "/help/wifi": site.page("Wi-Fi", "/help/", "deeper/pair"),
        "/help/pay": site.page("Pay"),
        "/help/deeper/pair": site.page("Pair"),
        "/about": site.page("About"),
    }

    reading = crawl()

    assert titles(reading) == ["Pair", "Pay", "Start", "Wi-Fi"]
    wifi = next(one for one in reading.articles if one.title == "Wi-Fi")
    assert (wifi.key, wifi.url) == ("en/help-wifi", f"{site.url}/help/wifi")
    assert "[deeper/pair](help-deeper-pair)" in wifi.body
    assert site.count("/about") == site.count("/help/p.zip") == site.count("/help/pay?utm=1") == 0
    assert all(site.count(path) == 1 for path in site.pages if path != "/about")
    assert all("BatonBot" in request.headers["User-Agent"] for request in site.asked)


def test_robots_txt_is_obeyed(site, crawl):
    site.pages = {
        "/robots.txt": "User-agent: *\nDisallow: /help/secret\nDisallow: /*.print$\n"
        "User-agent: Other\nDisallow: /",
        "/help/": site.page("Start", "secret/one", "a.print", "open", "hop"),
        "/help/secret/one": site.page("Secret"),
        "/help/open": site.page("Open"),
        "/help/hop": lambda _: web.HTTPFound("/help/secret/one"),
    }

    reading = crawl()

    assert titles(reading) == ["Open", "Start"]
    assert site.count("/help/secret/one") == site.count("/help/a.print") == 0
    assert "which robots.txt forbids" in refused(reading, site)["/help/hop"]


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        ("User-agent: BatonBot\nDisallow: /", "its robots.txt forbids"),
        ("User-agent: *\nCrawl-delay: 3600", "asks for 3600 s between two pages"),
        (lambda _: web.Response(status=503), "robots.txt: the site answers 503; try again later"),
        (lambda _: web.HTTPFound("http://127.0.0.2:1/"), "it redirects to another host"),
    ],
)
def test_a_site_that_does_not_want_to_be_read_is_not(site, crawl, robots, reason):
    site.pages = {"/robots.txt": robots, "/help/": site.page("Start")}

    with pytest.raises(SourceUnreadable, match=reason):
        crawl()

    assert site.count("/help/") == 0


def test_the_site_may_ask_for_pauses(site, crawl):
    times = []

    def page(_):
        times.append(asyncio.get_running_loop().time())
        return web.Response(text=site.page("Page", "two"), content_type="text/html")

    site.pages = {
        "/robots.txt": "User-agent: *\nCrawl-delay: 0.3",
        "/help/": page,
        "/help/two": page,
    }

    crawl()

    assert times[1] - times[0] >= 0.25  # never sooner; how much later is the machine's affair


def test_what_goes_wrong_on_one_page_is_named_and_leaves_the_others(site, crawl):
    packed = gzip.compress(b"<h1>Bomb</h1>" + b"x" * 20_000_000)
    names = ("gone", "huge", "bomb", "error", "loop1", "away", "local", "picture", "empty")
    site.pages = {
        "/help/": site.page("Start", *names),
        "/help/huge": "<h1>Huge</h1>" + "x" * 2_000_000,
        "/help/bomb": lambda _: web.Response(
            body=packed, content_type="text/html", headers={"Content-Encoding": "gzip"}
        ),
        "/help/error": lambda _: web.Response(status=500),
        "/help/loop1": lambda _: web.HTTPFound("/help/loop2"),
        "/help/loop2": lambda _: web.HTTPFound("/help/loop1"),
        "/help/away": lambda _: web.HTTPMovedPermanently("https://other.example/help/"),
        "/help/local": lambda _: web.HTTPFound("http://127.0.0.1:1/help/"),
        "/help/picture": lambda _: web.Response(body=b"GIF89a", content_type="image/gif"),
        "/help/empty": "<title>Empty</title>",
    }

    reading = crawl(limits={"max_page_kb": 1_000})

    assert titles(reading) == ["Start"]
    reasons = refused(reading, site)
    assert reasons.pop("/help/gone") == "the site answers 404"
    assert reasons.pop("/help/huge") == "larger than 1,000,000 bytes; raise max_page_kb"
    assert reasons.pop("/help/bomb") == "larger than 1,000,000 bytes; raise max_page_kb"
    assert reasons.pop("/help/error") == "the site answers 500"
    assert reasons.pop("/help/loop1") == "it redirects in a circle"
    assert "https://other.example/help/" in reasons.pop("/help/away")
    assert "another host" in reasons.pop("/help/local")
    assert "it has no text" in reasons.pop("/help/empty")
    assert reasons == {}
    assert reading.sources[0].passed_over == 1  # the picture


def test_a_page_that_never_comes_is_given_up(site, crawl):
    async def never(_):
        await asyncio.Event().wait()

    site.pages = {"/help/": site.page("Start", "never"), "/help/never": never}

    reading = crawl(limits={"timeout_s": 2})

    assert titles(reading) == ["Start"]
    assert refused(reading, site) == {"/help/never": "no answer within 2 s"}


def test_a_site_without_end_is_left_at_the_limits(site, crawl):
    def endless(request):
        number = int(request.path.rpartition("/")[2] or 0)
        links = [f"/help/{number + 1}", f"?day={number + 1}", "a/a/a/a"]
        return web.Response(text=site.page(f"Page {number}", *links), content_type="text/html")

    class Endless(dict):
        def get(self, path, default=None):
            return default if "robots" in path else endless

    site.pages = Endless()

    by_pages = crawl(limits={"max_pages": 7, "max_depth": 99})
    by_depth = crawl(limits={"max_depth": 3})

    assert len(by_pages.articles) == 7
    assert "stopped after 7 pages" in by_pages.sources[0].notes[0]
    assert titles(by_depth) == ["Page 0", "Page 1", "Page 2", "Page 3"]
    assert not any("day" in request.path_qs or "a/a/a" in request.path for request in site.asked)


def test_only_what_changed_is_fetched_again(site, crawl):
    version = {"/help/": 1, "/help/two": 1}

    def page(request):
        etag = f'"{request.path}-{version[request.path]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        text = site.page(f"{request.path} {version[request.path]}", "two", "pic")
        return web.Response(text=text, content_type="text/html", headers={"ETag": etag})

    site.pages = {"/help/": page, "/help/two": page}
    first = crawl(now_ms=0)
    asked = len(site.asked)

    same_day = crawl(now_ms=DAY_MS // 2)
    assert len(site.asked) == asked
    assert same_day.articles == first.articles

    version["/help/two"] = 2
    next_day = crawl(now_ms=2 * DAY_MS)
    assert titles(next_day) == ["/help/ 1", "/help/two 2"]
    assert len(site.asked) == 2 * asked


def test_an_older_copy_stands_in_while_the_site_is_down(site, crawl):
    site.pages = {"/help/": site.page("Start", "two", "three"), "/help/two": site.page("Two")}
    site.pages["/help/three"] = site.page("Three")
    first = crawl(now_ms=0)

    site.pages["/help/two"] = lambda _: web.Response(status=502)
    del site.pages["/help/three"]
    second = crawl(now_ms=2 * DAY_MS)

    assert titles(first) == ["Start", "Three", "Two"]
    assert titles(second) == ["Start", "Two"]
    assert second.sources[0].notes == [
        f"{site.url}/help/two: the site answers 502; its older copy stays"
    ]
    assert refused(second, site) == {"/help/three": "the site answers 404"}

    site.pages = {path: lambda _: web.Response(status=502) for path in [*site.pages, "/robots.txt"]}
    third = crawl(now_ms=4 * DAY_MS)
    assert titles(third) == ["Start", "Two"]


def test_a_site_that_never_answered_is_an_error(read):
    with pytest.raises(SourceUnreadable, match="no connection"):
        read("http://127.0.0.1:1/help/")


def test_a_page_may_ask_to_be_left_out_or_name_its_true_address(site, crawl):
    noindex = '<meta name="robots" content="noindex, follow">'
    nofollow = '<meta name="robots" content="nofollow">'
    copy = '<link rel="canonical" href="/help/true">'
    site.pages = {
        "/help/": site.page("Start", "hidden", "copy", "true", "alone", "list"),
        "/help/hidden": site.page("Hidden", "found", head=noindex),
        "/help/found": site.page("Found"),
        "/help/copy": site.page("Copy", head=copy),
        "/help/true": site.page("True", head=copy),
        "/help/alone": site.page("Alone", "unseen", head=nofollow),
        "/help/unseen": site.page("Unseen"),
        "/help/list": "<h1>List</h1><main><a href='found'>Found and more</a></main>",
    }

    reading = crawl()

    assert titles(reading) == ["Alone", "Found", "Start", "True"]
    assert reading.sources[0].passed_over == 3
    assert refused(reading, site) == {}


def test_a_start_that_redirects_to_its_true_place_is_read_there(site, crawl):
    site.pages = {
        "/help/": lambda _: web.HTTPFound("/help/en/"),
        "/help/en/": site.page("Start", "two"),
        "/help/en/two": site.page("Two", "/help/"),
    }

    reading = crawl()

    assert titles(reading) == ["Start", "Two"]
    assert "[/help/](help)" in reading.articles[1].body


def test_parameters_that_tell_pages_apart_can_be_named(site, crawl):
    site.pages = {
        "/help/": site.page("Start", "page?id=1&sort=up", "page?id=2"),
        "/help/page?id=1": site.page("One"),
        "/help/page?id=2": site.page("Two"),
    }

    reading = crawl(queries=("id",))

    assert {one.id for one in reading.articles} == {"help", "help-page-id-1", "help-page-id-2"}


def test_pages_are_chosen_by_their_path_and_their_kind(site, crawl, request):
    manual = (request.path.parents[2] / "fixtures" / "sources" / "manual.en.pdf").read_bytes()
    site.pages = {
        "/help/": site.page("Start", "articles/one", "private/two", "articles/manual.pdf"),
        "/help/articles/one": site.page("One"),
        "/help/private/two": site.page("Two"),
        "/help/articles/manual.pdf": lambda _: web.Response(
            body=manual, content_type="application/pdf"
        ),
    }

    plain = crawl(include=("/help/articles/*",), exclude=("private",))
    with_pdf = crawl(include=("/help/articles/*",), formats=("html", "pdf"))

    assert titles(plain) == ["One"]
    assert titles(with_pdf) == ["Havelo Lamp manual", "One"]
    assert with_pdf.articles[1].url == f"{site.url}/help/articles/manual.pdf"


def test_a_sitemap_names_pages_and_their_dates(site, crawl):
    def sitemap(*entries, kind="urlset", part="url"):
        listed = "".join(
            f"<{part}><loc>{url}</loc><lastmod>{day}</lastmod></{part}>" for url, day in entries
        )
        return f'<?xml version="1.0"?><{kind}>{listed}</{kind}>'.encode()

    packed = gzip.compress(
        sitemap(
            (f"{site.url}/one", "2026-02-03T04:05:06Z"),
            (f"{site.url}/blog/x", "2026-02-03"),
            ("https://other.example/two", "2026-02-03"),
            (f"{site.url}/forbidden", "2026-02-03"),
        )
    )
    index = sitemap((f"{site.url}/pages.xml.gz", ""), kind="sitemapindex", part="sitemap")
    site.pages = {
        "/robots.txt": "User-agent: *\nDisallow: /forbidden",
        "/sitemap.xml": lambda _: web.Response(body=index, content_type="application/xml"),
        "/pages.xml.gz": lambda _: web.Response(body=packed, content_type="application/gzip"),
        "/one": site.page("One", "/unlisted"),
        "/unlisted": site.page("Unlisted"),
        "/blog/x": site.page("Blog"),
    }

    reading = crawl("/sitemap.xml", exclude=("/blog/*",))

    assert titles(reading) == ["One"]
    assert reading.articles[0].updated == "2026-02-03"
    assert refused(reading, site) == {
        "https://other.example/two": "on another host; name that as a source of its own",
        "/forbidden": "robots.txt forbids it",
    }
    assert site.count("/blog/x") == site.count("/unlisted") == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>Not found", "it is no sitemap; name a sitemap.xml"),
        (b"<!DOCTYPE html><html>", "is an HTML page; name the sitemap.xml itself"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', "it defines XML entities"),
        (b"\x1f\x8bbroken", "it is damaged"),
        (gzip.compress(b" " * 60_000_000), "unpacks to more than 52,428,800 bytes"),
        (b"<urlset></urlset>", "no article in it"),
    ],
)
def test_a_sitemap_that_is_none_is_an_error(site, crawl, body, reason):
    site.pages = {"/sitemap.xml": lambda _: web.Response(body=body, content_type="text/xml")}

    with pytest.raises(SourceUnreadable, match=reason):
        crawl("/sitemap.xml")


def test_a_busy_site_is_asked_once_more_when_it_says(site, crawl):
    answers = iter([web.Response(status=429, headers={"Retry-After": "0"})])

    def busy(_):
        return next(answers, None) or web.Response(
            text=site.page("Start"), content_type="text/html"
        )

    site.pages = {"/help/": busy}

    assert titles(crawl()) == ["Start"]
    assert site.count("/help/") == 2
