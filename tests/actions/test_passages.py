"""Passages in replies and in what is remembered for the agent."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

from actions import passages
from actions.findings import choices
from kb_index.markdown import Block, BlockKind, read_sections
from kb_index.searching import Hit

HIT = Hit(
    article_id="refunds", locale="ko", title="환불", anchor="how", heading="How", quote="1. …",
    updated="2026-05-01", url="", score=3.0, confidence=0.91234,
    covered=0.95,
)  # fmt: skip


def source(hit, language="ko"):
    return passages.source(hit, language=language)


def quoting(markdown, **fields):
    [section] = read_sections(markdown)
    return replace(HIT, blocks=section.blocks, **fields)


def test_a_source_links_to_the_section():
    assert source(HIT)["url"] == "/help/ko/refunds#how"
    assert passages.url(replace(HIT, anchor="")) == "/help/ko/refunds"


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("Money is back in 5-7 days, on **weekdays**.", "Money is back in 5-7 days, on weekdays."),
        ("1. Open [the app](x), then *Orders*.\n2. Wait.", "Open the app, then Orders."),
        ("先打开设置，然后点退款，再等三天。" * 5, "先打开设置，然后点退款，再等三天。" * 5),
        ("Press ![the button](x.png) now.", "Press"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ""),
        ("```\nx = 1\n```", ""),
    ],
)  # fmt: skip
def test_a_quote_from_within_a_section_is_found_by_its_first_words(markdown, found):
    url = passages.url(quoting(markdown, at_anchor=False))

    page, _, fragment = url.partition("#")
    anchor, _, words = fragment.partition(":~:text=")
    decoded = unquote(words)
    assert (page, anchor) == ("/help/ko/refunds", "how")
    assert found.startswith(decoded)
    assert bool(decoded) is bool(found)
    assert not set(words) & set("-,&# ")


def test_an_article_of_another_site_is_opened_there_at_the_passage():
    hit = quoting("Money comes back.", url="https://shop.example/help/refunds?x=1")

    assert passages.url(hit) == "https://shop.example/help/refunds?x=1#:~:text=Money%20comes%20back"
    own = passages.url(replace(hit, url="https://shop.example/help#refunds"))
    assert own == "https://shop.example/help#refunds:~:text=Money%20comes%20back"


def test_an_article_in_another_language_is_marked():
    assert source(HIT, "en")["foreign"] is True
    assert "foreign" not in source(HIT, "ko")
    assert passages.button(HIT, language="en")["foreign"] is True


def test_a_button_shows_the_article():
    assert passages.button(HIT, language="ko") == {
        "title": "환불",
        "payload": {"action": "show_article", "article_id": "refunds", "locale": "ko"},
    }
    assert len(passages.button(replace(HIT, title="x" * 500), language="ko")["title"]) == 100


def test_there_are_at_most_three_choices_and_no_two_look_alike():
    titles = ["Refunds", "refunds", "Returns", "Orders", "Invoices"]
    hits = [replace(HIT, article_id=f"a{n}", title=title) for n, title in enumerate(titles)]

    assert [hit.article_id for hit in choices(hits)] == ["a0", "a2", "a3"]


@pytest.mark.parametrize(
    ("link", "href"),
    [
        ("refunds", "/help/ko/refunds"),
        ("refunds#how-long", "/help/ko/refunds#how-long"),
        ("#how", "/help/ko/refunds#how"),
        ("https://havelo.example/x", "https://havelo.example/x"),
        ("mailto:help@havelo.example", "mailto:help@havelo.example"),
        ("tel:+82-2-123", None),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("../../admin", None),
    ],
)
def test_a_link_leads_to_an_article_or_to_the_web_or_is_mere_words(link, href):
    [block] = source(quoting(f"See [here](<{link}>)."))["blocks"]

    words = {run["text"]: run.get("href") for run in block["runs"]}
    assert "".join(words) == "See here."
    assert words.get("here") == href


def test_blocks_say_what_is_a_list_a_table_code_a_link_or_a_picture():
    text = (
        "Press **`Reset`**, ![a lamp](x.png) blinks:\n\n3. One\n   more\n   - [in](refunds)\n"
        "     1. deep\n4. Two\n\n| | B |\n|--|--|\n| `x` | y |\n\n```\nls\n```"
    )

    assert source(quoting(text))["blocks"] == [
        {
            "kind": "paragraph",
            "runs": [
                {"text": "Press "},
                {"text": "Reset", "strong": True, "code": True},
                {"text": ", "},
                {"text": "[a lamp]", "image": True},
                {"text": " blinks:"},
            ],
        },
        {
            "kind": "list",
            "start": 3,
            "items": [
                [
                    {"kind": "paragraph", "runs": [{"text": "One more"}]},
                    {
                        "kind": "list",
                        "start": None,
                        "items": [
                            [
                                {
                                    "kind": "paragraph",
                                    "runs": [{"text": "in", "href": "/help/ko/refunds"}],
                                },
                                {
                                    "kind": "list",
                                    "start": 1,
                                    "items": [[{"kind": "paragraph", "runs": [{"text": "deep"}]}]],
                                },
                            ]
                        ],
                    },
                ],
                [{"kind": "paragraph", "runs": [{"text": "Two"}]}],
            ],
        },
        {
            "kind": "table",
            "header": [[], [{"text": "B"}]],
            "rows": [[[{"text": "x", "code": True}], [{"text": "y"}]]],
        },
        {"kind": "code", "text": "ls"},
    ]


def test_rows_of_a_table_say_that_there_are_others():
    [table] = read_sections("| a | b |\n|--|--|\n| 1 | 2 |\n| 3 | 4 |")[0].blocks

    [shape] = source(replace(HIT, blocks=(table.part(0, 4),)))["blocks"]

    assert shape["more"] is True
    assert shape["rows"] == [[[{"text": "1"}], [{"text": "2"}]]]


def test_a_block_that_has_only_its_text_is_a_paragraph():
    blocks = (Block(BlockKind.TABLE, "a: b"), Block(BlockKind.HEADING, "H"))

    assert source(replace(HIT, blocks=blocks))["blocks"] == [
        {"kind": "paragraph", "runs": [{"text": "a: b"}]},
        {"kind": "heading", "runs": [{"text": "H"}]},
    ]


def test_each_article_is_remembered_once_and_only_the_last_few():
    tried = None
    for number in range(8):
        tried = passages.remember(tried, replace(HIT, article_id=f"a{number}"))
    again = passages.remember(tried, replace(HIT, article_id="a5"))

    assert [shown["article_id"] for shown in tried] == ["a3", "a4", "a5", "a6", "a7"]
    assert [shown["article_id"] for shown in again] == ["a3", "a4", "a6", "a7", "a5"]
    assert again[-1]["confidence"] == 0.912
