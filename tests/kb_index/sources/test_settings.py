"""sources.yml: what can be written there, and what is said of what cannot."""

import pytest

from kb_index.errors import SourcesBroken
from kb_index.sources.settings import Kind, read_sources, source_of


@pytest.fixture
def settings(tmp_path):
    """Write sources.yml and read it."""

    def run(text):
        (tmp_path / "sources.yml").write_text(text, encoding="utf-8")
        return read_sources(tmp_path)

    return run


def test_without_the_file_there_are_no_sources(tmp_path, settings):
    assert read_sources(tmp_path) == []
    assert settings("# nothing yet\n") == []
    assert settings("sources: []\n") == []


def test_each_kind_is_told_by_its_address(settings, tmp_path):
    site, sitemap, folder, export = settings("""
sources:
  - url: https://help.example.com/en/
    exclude: [/en/blog/*]
    remove: [.banner]
    max_pages: 50
    delay_s: 1.5
  - {name: map, url: "https://help.example.com/sitemap.xml.gz", locale: ko}
  - {path: manuals, formats: [pdf], base_url: "https://example.com/manuals", tags: [manual]}
  - {path: export.jsonl}
""")

    assert [one.kind for one in (site, sitemap, folder, export)] == [
        Kind.CRAWL,
        Kind.SITEMAP,
        Kind.FILES,
        Kind.JSONL,
    ]
    assert (site.name, site.limits.max_pages, site.limits.delay_s) == (site.at, 50, 1.5)
    assert (site.exclude, site.wishes.remove) == (("/en/blog/*",), (".banner",))
    assert (sitemap.name, sitemap.locale, sitemap.formats) == ("map", "ko", ("html",))
    assert folder.at == str(tmp_path / "manuals")
    assert (folder.base_url, folder.formats) == ("https://example.com/manuals/", ("pdf",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sources: [", "not YAML in line 2"),
        ("sources: yes", "no list under `sources:`"),
        ("- a", "no list under `sources:`"),
        ("sources: [a]", "source 1: name either a `path` or a `url`"),
        ("sources: [{path: a, url: https://b}]", "name either a `path` or a `url`"),
        ("sources: [{path: a}, {url: ftp://b}]", "source 2: url 'ftp://b' is no address; begin"),
        ("sources: [{path: a, kind: wiki}]", "unknown kind 'wiki'; use one of files, jsonl"),
        ("sources: [{path: a, kind: crawl}]", "kind crawl needs a `url`"),
        ("sources: [{url: https://b, kind: files}]", "kind files needs a `path`"),
        ("sources: [{path: a, locale: de}]", "unknown locale 'de'; use one of en"),
        ("sources: [{path: a, formats: [xls]}]", "unknown format 'xls'; use some of html"),
        ("sources: [{path: a, exclude: b}]", "exclude is no list; write [one, two]"),
        ("sources: [{url: https://b, max_pages: many}]", "max_pages 'many' is no number"),
        ("sources: [{path: a, depth: 3}]", "unknown setting 'depth'; see docs/sources.md"),
        ("sources: [{path: a, remove: ['.ok', 'p[']}]", "'p[' is no CSS selector"),
        ("sources: [{path: a}, {path: a}]", "the name 'a' was used before"),
    ],
)
def test_every_mistake_is_named(settings, text, reason):
    with pytest.raises(SourcesBroken) as refused:
        settings(text)

    assert reason in str(refused.value)
    assert "sources.yml" in str(refused.value)


def test_all_mistakes_are_named_together(settings):
    with pytest.raises(SourcesBroken) as refused:
        settings("sources: [{path: a, locale: xx, kind: wiki}, {}]")

    assert len(refused.value.problems) == 3


def test_an_argument_is_a_source(tmp_path):
    assert source_of("https://help.example.com/").kind is Kind.CRAWL
    assert source_of("export.ndjson").kind is Kind.JSONL
    assert source_of("manuals", locale="ru").locale == "ru"
    with pytest.raises(SourcesBroken, match="begin it with https://"):
        source_of("file:///etc/passwd")
