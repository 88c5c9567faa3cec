"""Every way an article can be broken is named with its file and a remedy."""

import pytest

from kb_index.articles import load_articles
from kb_index.errors import ArticlesBroken

GOOD = """---
id: {id}
title: A good title
locale: {locale}
updated: 2026-05-01
tags: [one]
---
Some words, and [a link]({link}).
"""


@pytest.fixture
def kb(tmp_path):
    """A folder with one good article, and a function to add a file."""

    def write(path, text):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(text, encoding="utf-8")
        return file

    write("en/good.md", GOOD.format(id="good", locale="en", link="#here"))
    write.folder = tmp_path
    return write


def changed(before, after):
    return GOOD.format(id="bad", locale="en", link="good").replace(before, after)


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("en/bad.md", "Just words.", "no front matter"),
        ("en/bad.md", "---\ntitle: [\n---\nWords.", "not YAML in line"),
        ("en/bad.md", "---\n- a\n---\nWords.", "has no fields"),
        ("en/bad.md", changed("A good title", ""), "no title; add"),
        ("en/bad.md", changed("id: bad\n", ""), "no id; add"),
        ("en/bad.md", changed("id: bad", "id: ../Bad"), "lower-case words joined by hyphens"),
        ("en/bad.md", changed("locale: en", "locale: xx"), "unknown locale 'xx'; use one of en"),
        ("en/bad.md", changed("locale: en", "locale: ko"), "locale ko in the folder of en"),
        ("xx/bad.md", changed("locale: en", "locale: xx"), "unknown locale 'xx'"),
        ("bad.md", changed("", ""), "not in a locale's folder"),
        ("en/bad.md", changed("2026-05-01", "2026-13-01"), "is no date; write YYYY-MM-DD"),
        ("en/bad.md", changed("updated: 2026-05-01\n", ""), "is no date"),
        ("en/bad.md", changed("[one]", "one"), "tags is no list"),
        ("en/bad.md", changed("(good)", "(nowhere)"), "link to 'nowhere'"),
        ("en/bad.md", changed("Some words, and [a link](good).", " "), "there is no text"),
        ("en/bad.md", b"---\nid: \xff\n---\n", "not UTF-8 at byte 8"),
        ("en/bad.md", changed("Some words", "x" * 1_000_001), "larger than 1,000,000 bytes"),
    ],
)
def test_a_broken_article_is_named_with_reason_and_remedy(kb, path, text, reason):
    file = kb(path, text)

    loaded = load_articles(kb.folder)

    assert [article.id for article in loaded.articles] == ["good"]
    assert len(loaded.problems) == 1
    assert str(loaded.problems[0]).startswith(f"{file}: ")
    assert reason in str(loaded.problems[0])


def test_two_files_with_one_id_are_both_named(kb):
    first = kb("en/one.md", GOOD.format(id="same", locale="en", link="good"))
    second = kb("en/two.md", GOOD.format(id="same", locale="en", link="good"))
    kb("ko/same.md", GOOD.format(id="same", locale="ko", link="same"))

    loaded = load_articles(kb.folder)

    assert [article.key for article in loaded.articles] == ["en/good", "ko/same"]
    assert [problem.path for problem in loaded.problems] == [first, second]
    assert str(second) in loaded.problems[0].reason


def test_all_problems_are_reported_together(kb):
    kb("en/one.md", "Words.")
    kb("en/two.md", changed("A good title", ""))

    with pytest.raises(ArticlesBroken) as refused:
        load_articles(kb.folder).require_clean()

    assert len(refused.value.problems) == 2
    assert "2 problems in the articles" in str(refused.value)


def test_a_link_to_an_article_that_is_left_out_is_no_fault(kb):
    kb("en/broken.md", changed("A good title", "").replace("id: bad", "id: broken"))
    kb("en/linking.md", GOOD.format(id="linking", locale="en", link="broken"))

    loaded = load_articles(kb.folder)

    assert [article.id for article in loaded.articles] == ["good", "linking"]


def test_windows_line_ends_and_a_byte_order_mark_are_fine(kb):
    text = GOOD.format(id="windows", locale="en", link="good").replace("\n", "\r\n")
    kb("en/windows.md", b"\xef\xbb\xbf" + text.encode())

    loaded = load_articles(kb.folder)

    assert [article.id for article in loaded.articles] == ["good", "windows"]
    assert loaded.problems == ()


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_a_folder_without_articles_is_refused(tmp_path, folder):
    (tmp_path / "empty").mkdir()

    with pytest.raises(ArticlesBroken, match=folder):
        load_articles(tmp_path / folder)


def test_the_hash_changes_with_what_readers_see(kb):
    before = {one.key: one.content_hash() for one in load_articles(kb.folder).articles}
    kb("en/good.md", GOOD.format(id="good", locale="en", link="#there"))
    after = {one.key: one.content_hash() for one in load_articles(kb.folder).articles}

    assert before != after
