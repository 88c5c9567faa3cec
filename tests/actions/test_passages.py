"""Passages in replies and in what is remembered for the agent."""

from dataclasses import replace

from actions import passages
from kb_index.searching import Hit

HIT = Hit(
    article_id="refunds", locale="ko", title="환불", anchor="how", heading="How", quote="1. …",
    updated="2026-05-01", score=3.0, confidence=0.91234,
)  # fmt: skip


def test_a_source_links_to_the_section():
    assert passages.source(HIT)["url"] == "/help/ko/refunds#how"
    assert passages.url(replace(HIT, anchor="")) == "/help/ko/refunds"


def test_a_button_shows_the_article():
    assert passages.button(HIT) == {
        "title": "환불",
        "payload": {"action": "show_article", "article_id": "refunds", "locale": "ko"},
    }


def test_each_article_is_remembered_once_and_only_the_last_few():
    tried = None
    for number in range(8):
        tried = passages.remember(tried, replace(HIT, article_id=f"a{number}"))
    again = passages.remember(tried, replace(HIT, article_id="a5"))

    assert [shown["article_id"] for shown in tried] == ["a3", "a4", "a5", "a6", "a7"]
    assert [shown["article_id"] for shown in again] == ["a3", "a4", "a6", "a7", "a5"]
    assert again[-1]["confidence"] == 0.912
