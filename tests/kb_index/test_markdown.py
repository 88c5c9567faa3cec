"""Markdown as plain-text blocks and as safe HTML."""

from kb_index.markdown import BlockKind, find_links, read_sections, render_html


def blocks(text):
    return [(block.kind, block.text) for section in read_sections(text) for block in section.blocks]


def test_sections_have_headings_and_unique_anchors():
    sections = read_sections(
        "Opening.\n\n## Wi-Fi & 5 GHz\nOne.\n\n## Wi-Fi & 5 GHz\nTwo.\n\n## 忘记密码？\n三"
    )

    assert [(one.heading, one.anchor) for one in sections] == [
        ("", ""),
        ("Wi-Fi & 5 GHz", "wi-fi-5-ghz"),
        ("Wi-Fi & 5 GHz", "wi-fi-5-ghz-2"),
        ("忘记密码？", "忘记密码"),
    ]


def test_markup_leaves_only_words():
    text = "Open **Menu > Hub**, see [the *other*  page](other) or `E-104`, ![lamp](x.png).  \nB."

    assert blocks(text) == [
        (BlockKind.PARAGRAPH, "Open Menu > Hub, see the other  page or E-104, [lamp].\nB.")
    ]


def test_ordered_lists_keep_their_numbers_and_nested_items_their_indent():
    text = "3. Third\n4. Fourth\n   - inner **one**\n   - inner two\n\n- plain\n- also"

    assert blocks(text) == [
        (BlockKind.LIST, "3. Third\n4. Fourth\n   • inner one\n   • inner two"),
        (BlockKind.LIST, "• plain\n• also"),
    ]


def test_a_table_becomes_readable_lines():
    text = "| | Hub 2 | Hub Mini |\n|---|---|---|\n| 5 GHz | yes | no |\n| Battery | 6 h | |"

    assert blocks(text) == [
        (BlockKind.TABLE, "5 GHz: Hub 2 yes, Hub Mini no\nBattery: Hub 2 6 h"),
    ]


def test_code_stays_as_it_is():
    assert blocks("```\nping  hub\n```") == [(BlockKind.CODE, "ping  hub")]


def test_links_and_images_are_found():
    text = "See [a](one#two) and [b](https://example.org), ![c](d.png)."

    assert find_links(text) == ["one#two", "https://example.org", "d.png"]


def test_html_is_safe_and_has_the_anchors_of_the_sections():
    text = "## A <b>bold</b> step\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](other)"

    html = render_html(text, resolve=lambda link: f"/help/en/{link}")

    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html
    assert 'href="/help/en/other"' in html
    assert f'<h2 id="{read_sections(text)[0].anchor}">' in html


def test_a_link_that_leads_nowhere_becomes_words():
    html = render_html("See [the page](gone) and [more](here).", resolve={"here": "/h"}.get)

    assert html == '<p>See <span>the page</span> and <a href="/h">more</a>.</p>\n'


def test_links_to_other_sites_do_not_hand_over_the_window():
    html = render_html("[x](https://example.org)", resolve=lambda link: link)

    assert 'rel="noopener noreferrer"' in html


def test_a_picture_that_no_page_can_load_is_described():
    html = render_html("![a ring](ring.png) ![web](https://a.example/b.png)", resolve=str)

    assert html == '<p>[a ring] <img src="https://a.example/b.png" alt="web" /></p>\n'
