"""JSON Lines, ids and links: what holds for articles of every kind of source."""

import json

import pytest

from kb_index.articles import Article
from kb_index.sources.ids import make_id


def lines(folder, *rows):
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return folder("export.jsonl", text)


def test_each_line_of_an_export_is_an_article(read, folder):
    path = lines(
        folder,
        {
            "id": "FAQ 17",
            "title": "退款",
            "text": "## 时间\n\n五天内到账。",
            "url": "https://help.example.com/faq/17",
            "updated": "2026-04-05T06:07:08Z",
            "locale": "zh-Hans",
            "tags": ["money"],
            "answers": ["什么时候退款？"],
        },
        {"title": "Plans", "html": "<h1>Plans</h1><p>See <a href='/faq/17'>refunds</a>.</p>",
         "url": "https://help.example.com/plans"},
        {"title": "Как платить", "body": "Картой или переводом."},
        {"id": "q", "title": "답변 & <b>", "html": "<p>안녕하세요</p>"},
    )  # fmt: skip

    by_key = {article.key: article for article in read(path).articles}

    assert by_key["zh-Hans/faq-17"] == Article(
        id="faq-17",
        locale="zh-Hans",
        title="退款",
        updated="2026-04-05",
        tags=("money",),
        body="## 时间\n\n五天内到账。",
        answers=("什么时候退款？",),
        url="https://help.example.com/faq/17",
    )
    assert by_key["en/plans"].body == "See [refunds](https://help.example.com/faq/17)."
    assert by_key["ko/q"].title == "답변 & <b>"
    assert len(by_key) == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 20_000, "not JSON"),
        ("[1]", "no JSON object"),
        ({"title": "x"}, "no text; give each line"),
        ({"text": "x"}, "no title"),
        ({"title": "x", "text": "x", "url": "ftp://x"}, "is no address; begin it with https://"),
        ({"title": "x", "text": "x", "tags": "one"}, "tags is no list"),
        ({"title": "x", "text": "x", "locale": "fr"}, "its language is 'fr'"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_by_its_number(read, folder, row, reason):
    path = lines(folder, {"title": "Good", "text": "Words."}, "", row)

    reading = read(path)

    assert [article.title for article in reading.articles] == ["Good"]
    (refused,) = reading.sources[0].refused
    assert refused.origin == f"{path}, line 3"
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("address", "locale", "expected"),
    [
        ("guides/Connect_to Wi-Fi.html", "en", "guides-connect-to-wi-fi"),
        ("en/guides/pay.pdf", "en", "guides-pay"),
        ("/hc/zh-tw/articles/360012-reset", "zh-Hant", "hc-articles-360012-reset"),
        ("/ru/faq/", "ru", "faq"),
        ("/ru/faq/", "en", "ru-faq"),
        ("Réglages/été.md", "en", "reglages-ete"),
        ("v2.3.1.docx", "en", "v2-3-1"),
        ("/", "en", "start"),
    ],
)
def test_an_id_is_made_of_the_path(address, locale, expected):
    assert make_id(address, locale=locale) == expected


def test_what_latin_letters_cannot_write_is_told_apart_by_a_hash():
    names = ["退款.html", "付款.html", "/%E9%80%80%E6%AC%BE.html", "оплата/camera.html", "x" * 200]
    made = [make_id(name, locale="en") for name in names]

    assert made == [make_id(name, locale="en") for name in names]
    assert len(set(made)) == len(names)
    assert all(len(one) < 100 and one.strip("-").replace("-", "").isalnum() for one in made)
    assert made[3].startswith("camera-")


def test_ids_stay_unique_and_own_articles_keep_theirs(read, folder):
    folder("a_b.html", "<h1>One</h1><p>Words one.</p>")
    folder("a-b.html", "<h1>Two</h1><p>Words two.</p>")
    folder("pay.html", "<h1>Pay</h1><p>Words three.</p>")
    own = Article("pay", "en", "Own", "2026-01-01", (), "Own words.")

    first = {one.title: one.id for one in read(folder.path, published=[own]).articles}
    again = {one.title: one.id for one in read(folder.path, published=[own]).articles}

    assert first == again
    assert len(set(first.values())) == 3
    assert "a-b" in first.values()
    assert first["Pay"] not in ("pay", "")


def test_links_between_articles_stay_inside_and_others_become_absolute(read, folder):
    page = '<html lang="en"><h1>{}</h1><p>A word or two, <a href="{}">link</a></p></html>'
    folder("a/one.html", page.format("One", "../two.html#part"))
    folder("two.html", page.format("Two", "/a/one"))
    folder("three.html", page.format("Three", "https://example.com/x?y=1#z"))
    folder("four.html", page.format("Four", "lost.html"))
    folder("five.html", page.format("Five", "six.html"))
    folder("six.html", page.replace("en", "ko").format("여섯", "#part"))

    bodies = {one.title: one.body.partition(", ")[2] for one in read(folder.path).articles}

    assert bodies == {
        "One": "[link](two)",
        "Two": "[link](a-one)",
        "Three": "[link](https://example.com/x?y=1#z)",
        "Four": "link",
        "Five": "link",  # there is no article of that name in its own language
        "여섯": "link",
    }


def test_the_folder_of_a_locale_is_its_locale(read, folder):
    folder("zh-Hant/camera.html", "<h1>重置</h1><p>重置</p>")

    assert read(folder.path).articles[0].key == "zh-Hant/camera"


def test_a_stated_locale_counts_for_all(read, folder):
    folder("camera.html", '<html lang="de"><h1>Kamera</h1><p>Worte</p></html>')

    assert read(folder.path, locale="ru").articles[0].key == "ru/camera"
