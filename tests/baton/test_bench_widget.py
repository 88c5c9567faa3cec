"""`baton bench widget`: files weighed on a private service, one visit of a real Chromium."""

import json
import os
from shutil import which

import pytest
from click.testing import CliRunner

from baton.bench.widget_bytes import LOCALES, addresses
from baton.bench.widget_visit import blocking, median_of
from baton.commands.bench import group


def test_what_a_page_asks_for_is_read_from_it_once_each():
    page = (
        '<link rel=stylesheet href="/widget/all.css?v=1"><script defer src=/widget/all.js?v=1>'
        '</script><link rel=preload as=fetch href="/shared/locales/widget/ko.json?v=1&amp;x=2">'
        '<a href=/widget/plain?x=1>no file</a><img src="/widget/all.css?v=1">'
    )

    assert addresses(page) == [
        "/widget/all.css?v=1",
        "/widget/all.js?v=1",
        "/shared/locales/widget/ko.json?v=1&x=2",
    ]


def test_only_what_a_task_takes_above_fifty_milliseconds_blocks():
    tasks = [[100, 51], [200, 50], [300, 250], [900, 90]]

    assert blocking(tasks) == 1 + 200 + 40
    assert blocking(tasks, until=300) == 1
    assert blocking(tasks, since=300, until=900) == 200


def test_each_figure_is_the_median_of_its_visits():
    assert median_of([{"ms": 1, "b": 5}, {"ms": 9, "b": 5}, {"ms": 2, "b": 6}]) == {"ms": 2, "b": 5}


def _measure(*words):
    done = CliRunner().invoke(group, ["widget", "--json", *words])
    assert done.exit_code in {0, 1}, done.output
    figures = json.loads(done.stdout)
    assert (done.exit_code == 0) == figures["bytes"]["fits"]
    return figures


def test_every_file_is_weighed_in_five_languages():
    weights = _measure("--bytes-only")["bytes"]

    assert tuple(weights["files"]) == LOCALES
    for locale, files in weights["files"].items():
        assert {"/widget/loader.js", "/widget/frame", f"/widget/all.{locale}.js"} <= files.keys()
        assert all(0 < each["brotli"] < each["gzip"] < each["raw"] for each in files.values())
        assert weights["total_gzip"][locale] == sum(each["gzip"] for each in files.values())


@pytest.mark.browser
def test_a_visit_is_timed_beside_the_page_without_the_widget():
    if which("chromium") is None:
        reason = "no Chromium is installed (apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

    figures = _measure("--visits", "1", "--kbit", "50000", "--rtt", "5", "--cpu", "1")

    seen = figures["with_widget"]
    assert seen["button_ms"] > 0
    assert 0 < seen["greeting_ms"] <= seen["online_ms"]
    assert 0 < seen["before_bytes"] < seen["bytes"] / 3, "the conversation loads on intent"
    assert seen["again_bytes"] < seen["bytes"] / 3, "a second visit takes it from the cache"
    assert figures["without"]["paint_ms"] > 0
