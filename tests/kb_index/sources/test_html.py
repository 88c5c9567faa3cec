"""HTML pages become articles: what belongs to the article stays, all else goes."""

import pytest

from kb_index.markdown import read_sections

PAGE = """<!doctype html><html lang="en"><head>
<title>Pair the camera – Havelo help</title>
<meta property="article:modified_time" content="2026-03-04T10:00:00Z">
<style>p { color: red }</style><script>track()</script>
</head><body>
<header class="site"><a href="/">Home</a><form><input><button>Search</button></form></header>
<nav><ul><li><a href="/a">A</a></li><li><a href="/b">B</a></li></ul></nav>
<div class="breadcrumbs"><a href="/">Help</a> / Camera</div>
<main><article>
<h1>Pair the camera</h1>
<p>Hold the <strong>button</strong> for <em>five</em> seconds.<!-- todo --></p>
<h3>Steps <a class="headerlink" href="#steps">¶</a></h3>
<ol><li>Open the app.<ul><li>On a phone</li><li>or tablet</li></ul></li><li>Scan the code.</li></ol>
<figure><img src="back.png" alt="The code on the back"><figcaption>Back side</figcaption></figure>
<table><thead><tr><th>Light</th><th>Meaning</th></tr></thead>
<tbody><tr><td>Blue</td><td>pairing | ready</td></tr>
<tr><td>Red</td><td>E-417</td></tr></tbody></table>
<pre><code class="language-sh">ping hub.local
# waits</code></pre>
<details><summary>Does 5 GHz work?</summary><p>No, only 2.4 GHz.</p></details>
<p>See <a href="plans.html#prices">the plans</a>, <a href="mailto:help@example.com">write</a> or
<a href="javascript:alert(1)">run</a>.</p>
<div class="article-votes">Was this helpful? <button>Yes</button></div>
</article><aside class="sidebar">Related</aside></main>
<footer>© Havelo</footer></body></html>"""

LINKED_DATA = """<title>Pay - Help</title><meta property="og:site_name" content="Help">
<script type="application/ld+json">{"dateModified": "2026-05-06T07:08:09+00:00"}</script>"""

MARKDOWN = """Hold the **button** for *five* seconds.

## Steps

1. Open the app.
   - On a phone
   - or tablet
2. Scan the code.

The code on the back

Back side

| Light | Meaning |
| --- | --- |
| Blue | pairing \\| ready |
| Red | E-417 |

```sh
ping hub.local
# waits
```

### Does 5 GHz work?

No, only 2.4 GHz.

See the plans, [write](mailto:help@example.com) or
run."""


def test_a_page_keeps_its_article_and_nothing_else(read_page):
    article = read_page(PAGE, name="camera/pair_camera.html")

    assert article.body == MARKDOWN
    assert article.title == "Pair the camera"
    assert article.updated == "2026-03-04"
    assert article.key == "en/camera-pair-camera"


def test_without_any_mark_the_menus_are_told_by_their_looks(read_page):
    links = "".join(f'<li><a href="/{n}">Menu {n}</a></li>' for n in range(5))
    article = read_page(
        f"<title>Pay | Shop</title><div><ul>{links}</ul></div><div><p>Cards are accepted.</p>"
        "<h2>When</h2><p>At once.</p></div><footer>© Shop</footer>"
    )

    assert article.body == "Cards are accepted.\n\n## When\n\nAt once."
    assert article.title == "Pay"


@pytest.mark.parametrize(
    ("html", "body"),
    [
        (
            "<p>请点击<strong>“设置”</strong>按钮，<b>不要</b>关机。</p>",
            "请点击“设置”按钮，**不要**关机。",
        ),
        ("<p>Stop!<a href='https://example.com/a (1)'>here</a></p>",
         "Stop\\![here](https://example.com/a%20%281%29)"),
        ("<p>1. no list # no heading *no* _no_ &lt;b&gt; [no](x) `no`</p>",
         "1\\. no list \\# no heading \\*no\\* \\_no\\_ \\<b\\> \\[no\\](x) \\`no\\`"),
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
        ("<dl><dt>Hub</dt><dd>The box.</dd></dl>", "**Hub**\n\nThe box."),
        ("<ol start='4'><li>four</li><li>five</li></ol>", "4. four\n5. five"),
        ("<table><tr><td rowspan='2'>x</td><th>1</th></tr><tr><td>2</td></tr></table>",
         "| x | 1 |\n| --- | --- |\n| x | 2 |"),
        ("<table><tr><td><h2>Left</h2></td><td><p>right</p></td></tr></table>",
         "## Left\n\nright"),
        ("<p>Old price <del>10</del> 8</p>", "Old price 8"),
        ("<p>a<br>b</p>", "a  \nb"),
        ("<a href='/card'><h2>Card</h2><p>words</p></a><p>more words to read here</p>",
         "## Card\n\nwords\n\nmore words to read here"),
        ("<p>x <img src='https://example.com/i.png' alt='A lamp'></p>",
         "x ![A lamp](https://example.com/i.png)"),
        ("<p>x<img src='i.png' alt='IMG_2031.png'></p>", "x"),
        ("<p>x<img src='data:image/png;base64,AAAA' alt='A lamp'></p>", "xA lamp"),
    ],
)  # fmt: skip
def test_what_markdown_would_read_otherwise_is_written_so_that_it_does_not(read_page, html, body):
    assert read_page(f"<h1>Title</h1>{html}").body == body


def test_the_words_come_back_out_of_the_markdown_as_they_were(read_page):
    words = "1. *a* _b_ `c` <d> [e](f) | # g ~~h~~ - i + j > k ![l](m) &amp; n\\o = p! [q]"
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")

    article = read_page(f"<h1>Title</h1><p>{escaped}</p>")

    assert read_sections(article.body)[0].blocks[0].text == words


@pytest.mark.parametrize(
    ("panel", "kept"),
    [
        ('<div hidden>Words</div>', False),
        ('<div style="display: none">Words</div>', False),
        ('<div aria-hidden="true">Words</div>', False),
        ('<div hidden role="tabpanel">Words</div>', True),
        ('<a href="#p" aria-controls="p">open</a><div id="p" hidden>Words</div>', True),
    ],
)  # fmt: skip
def test_what_no_reader_can_see_is_not_quoted(read_page, panel, kept):
    article = read_page(f"<h1>Title</h1><p>Seen.</p>{panel}")

    assert ("Words" in article.body) is kept


@pytest.mark.parametrize(
    ("head", "title", "updated"),
    [
        ('<meta property="og:title" content="Stated"><meta name="date" content="2026-01-02">',
         "Stated", "2026-01-02"),
        (LINKED_DATA, "Pay", "2026-05-06"),
        ('<title>2-step check</title><meta itemprop="dateModified" content="2026-07-08">',
         "2-step check", "2026-07-08"),
        ('<title>Оплата — Помощь</title><meta name="last-modified" content="2025-12-31">',
         "Оплата", "2025-12-31"),
    ],
)  # fmt: skip
def test_title_and_date_come_from_the_head_when_the_text_has_none(read_page, head, title, updated):
    article = read_page(f"<html><head>{head}</head><body><p>Words.</p></body></html>")

    assert (article.title, article.updated) == (title, updated)


@pytest.mark.parametrize(
    ("encoding", "label", "text", "locale"),
    [
        ("utf-8", "iso-8859-1", "Как включить камеру и подключить её к домашней сети", "ru"),
        ("windows-1251", "windows-1251", "Как включить камеру и подключить её к сети", "ru"),
        (
            "big5",
            "big5",
            "請先關閉電源，再將攝影機連接到家中的無線網路，然後開啟應用程式",
            "zh-Hant",
        ),
        (
            "gb18030",
            "gb2312",
            "请先关闭电源，再将摄像头连接到家里的无线网络，然后打开应用",
            "zh-Hans",
        ),
        ("euc-kr", "euc-kr", "먼저 전원을 끄고 카메라를 집의 무선 네트워크에 연결하세요", "ko"),
        ("utf-16", "", "먼저 전원을 끄고 카메라를 집의 무선 네트워크에 연결하세요", "ko"),
    ],
)
def test_every_encoding_and_language_is_read(read_page, encoding, label, text, locale):
    meta = f'<meta charset="{label}">' if label else ""
    article = read_page(f"<html><head>{meta}</head><h1>{text}</h1><p>{text}</p>", encoding=encoding)

    assert article.title == article.body == text
    assert article.locale == locale


@pytest.mark.parametrize(
    ("lang", "text", "locale"),
    [
        ("en-US", "Plain words", "en"),
        ("zh-TW", "重置", "zh-Hant"),
        ("zh-Hant-HK", "重置", "zh-Hant"),
        ("zh", "請關閉電源後再試一次", "zh-Hant"),
        ("zh_CN", "重置", "zh-Hans"),
        ("en", "Страница с языком шаблона, а не своим", "ru"),
        ("de", "카메라를 연결하세요", "ko"),
        ("ru", "git push --force", "ru"),
    ],
)
def test_the_language_is_the_stated_one_unless_the_letters_say_otherwise(
    read_page, lang, text, locale
):
    article = read_page(f'<html lang="{lang}"><h1>{text}</h1><p>{text}</p></html>')

    assert article.locale == locale
