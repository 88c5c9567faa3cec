"""The help pages: safe, in the reader's language, current without a restart."""

import json
import os

import pytest

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def publish(tmp_path):
    """Return a function that publishes a version of the knowledge base."""

    def publish(version, *articles):
        kb = tmp_path / "kb"
        for article in articles:
            folder = kb / "versions" / version / "articles" / article["locale"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{article['id']}.json").write_text(json.dumps(article), "utf-8")
        (kb / "versions" / version / "manifest.json").write_text("{}")
        link = kb / "current.new"
        link.symlink_to(f"versions/{version}")
        os.replace(link, kb / "current")

    return publish


def article(id="reset", locale="en", title="Reset your password", **more):
    return {
        "id": id, "locale": locale, "title": title, "updated": "2026-09-22", "tags": ["account"],
        "html": '<h2 id="by-mail">By mail</h2><p>Ask for a link.</p>',
        "sections": [{"anchor": "by-mail", "heading": "By mail"}], **more,
    }  # fmt: skip


async def test_an_article_is_a_plain_page_with_its_anchors(service, publish):
    publish("v1", article(), article(locale="ko", title="비밀번호 재설정"))
    http = await service.http()

    answer = await http.get("/help/en/reset")

    page = await answer.text()
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert '<html lang="en">' in page
    assert "<h1>Reset your password</h1>" in page
    assert 'id="by-mail"' in page
    assert '<time datetime="2026-09-22">' in page
    assert 'href="/help/ko/reset"' in page
    assert "/help/ru/reset" not in page
    assert 'href="/help/en/"' in page
    assert "<script" not in page


async def test_titles_and_tags_are_text_and_no_script_can_run(service, publish):
    publish("v1", article(title=SCRIPT, tags=[SCRIPT]))
    http = await service.http()

    one = await http.get("/help/en/reset")
    index = await http.get("/help/en/")

    for answer in (one, index):
        assert SCRIPT not in await answer.text()
        assert "&lt;script&gt;" in await answer.text()
        assert "script-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_a_new_version_is_served_without_a_restart(service, publish):
    publish("v1", article())
    http = await service.http()
    first = await http.get("/help/en/")
    unchanged = await http.get("/help/en/", headers={"If-None-Match": first.headers["ETag"]})

    publish("v2", article(title="Choose a new password"))

    assert unchanged.status == 304
    changed = await http.get("/help/en/", headers={"If-None-Match": first.headers["ETag"]})
    assert "Choose a new password" in await changed.text()
    assert "Choose a new password" in await (await http.get("/help/en/reset")).text()


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/..%2f..%2fsecrets", "/help/en/%2e%2e",
        "/help/..%2f..%2f/reset", "/help/en/.hidden",
        "/help/en/reset%00", "/help/en/reset.json", "/help/%2e%2e/%2e%2e/baton.db",
        "/help-assets/..%2farticles.py", "/help-assets/../pages.py", "/help/en/a/b",
    ],
)  # fmt: skip
async def test_paths_out_of_the_articles_lead_nowhere(service, publish, tmp_path, path):
    from yarl import URL

    publish("v1", article())
    (tmp_path / "secrets.json").write_text('"top secret"')
    http = await service.http()

    answer = await http.get(URL(service.url + path, encoded=True))

    assert answer.status in {403, 404}
    assert "secret" not in await answer.text()


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/help/ko/nothing", "en", "페이지를 찾을 수 없습니다"),
        ("/help/ru/nothing", "en", "Такой страницы нет"),
        ("/help/xx/nothing", "zh-TW,en;q=0.5", "找不到這個頁面"),
        ("/help/xx", "zh-CN", "找不到此页面"),
        ("/help/xx/reset", "fr,de;q=0.8", "This page does not exist"),
    ],
)
async def test_what_is_not_there_is_said_in_the_readers_language(
    service, publish, path, language, words
):
    publish("v1", article())

    answer = await (await service.http()).get(path, headers={"Accept-Language": language})

    assert answer.status == 404
    assert words in await answer.text()


async def test_a_missing_translation_names_those_that_exist(service, publish):
    publish("v1", article(), article(locale="ru", title="Сброс"))

    page = await (await (await service.http()).get("/help/ko/reset")).text()

    assert 'href="/help/en/reset"' in page
    assert 'href="/help/ru/reset"' in page


@pytest.mark.parametrize(
    ("language", "place"),
    [("ko-KR,ko;q=0.9", "/help/ko/"), ("", "/help/en/"), ("zh-HK", "/help/zh-Hant/")],
)
async def test_the_bare_address_leads_to_the_browsers_language(service, language, place):
    http = await service.http()

    answer = await http.get("/help", headers={"Accept-Language": language}, allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (302, place)


async def test_nothing_published_yet_is_said_kindly(service):
    answer = await (await service.http()).get("/help/ko/")

    assert answer.status == 200
    assert "아직 이 언어로 게시된 글이 없습니다" in await answer.text()


async def test_a_broken_article_is_logged_and_hidden(service, publish, tmp_path, caplog):
    publish("v1", article(), article(id="broken"))
    (tmp_path / "kb/versions/v1/articles/en/broken.json").write_text('{"id": "broken"}')
    http = await service.http()

    assert (await http.get("/help/en/broken")).status == 404
    assert "reset" in await (await http.get("/help/en/")).text()
    assert "broken.json" in caplog.text


def test_every_text_exists_in_every_language():
    from handoff_service.api.help_pages.pages import FOLDER
    from handoff_service.domain import LOCALES

    texts = json.loads((FOLDER / "texts.json").read_text("utf-8"))

    assert set(texts) == set(LOCALES)
    for locale in LOCALES:
        assert set(texts[locale]) == set(texts["en"])
        assert all(text.strip() for text in texts[locale].values())
