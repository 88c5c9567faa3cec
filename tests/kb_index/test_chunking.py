"""Chunks lose no word, keep the order and stay within the size."""

import re

from hypothesis import given, settings, strategies as st

from kb_index.articles import Article
from kb_index.chunking import MAX_SIZE, chunk_article, text_size
from kb_index.markdown import BlockKind, read_sections
from kb_index.quoting import LONGEST_QUOTE

WORDS = st.text(alphabet="abcdefgh Жшщ가나다忘記密碼设置.!?。", min_size=1, max_size=120)
ITEMS = st.lists(WORDS, min_size=1, max_size=12)
BLOCKS = st.one_of(
    WORDS,
    ITEMS.map(lambda items: "\n".join(f"- {item}" for item in items)),
    ITEMS.map(lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, start=1))),
    WORDS.map(lambda words: f"### {words}"),
    WORDS.map(lambda words: f"## {words}"),
    WORDS.map(lambda words: "| a | b |\n|---|---|\n| " + words.replace("\n", " ") + " | x |"),
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=15).map("\n\n".join)


def article(body, **fields):
    defaults = {"id": "a", "locale": "en", "title": "Title", "updated": "2026-01-01", "tags": ()}
    return Article(**{**defaults, **fields}, body=body)


def squeezed(text):
    return re.sub(r"\s", "", text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(min_value=5, max_value=200))
def test_no_word_is_lost_and_the_order_stays(body, max_size):
    chunks = chunk_article(article(body), max_size=max_size)

    whole = "".join(block.text for part in read_sections(body) for block in part.blocks)
    assert squeezed("".join(chunk.text for chunk in chunks)) == squeezed(whole)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(min_value=5, max_value=200))
def test_only_a_list_that_can_be_quoted_whole_makes_a_chunk_larger_than_allowed(body, max_size):
    for chunk in chunk_article(article(body), max_size=max_size):
        # a heading goes with what follows it, so there may be one block more
        if sum(text_size(block.text) for block in chunk.blocks) > 2 * max_size:
            lists = [one for one in chunk.blocks if one.kind in (BlockKind.LIST, BlockKind.TABLE)]
            assert any(one.whole and len(one.text) <= LONGEST_QUOTE for one in lists)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_chunk_never_spans_two_sections(body):
    sections = read_sections(body)
    named = [(part.heading, part.anchor) for part in sections]
    found = [(chunk.heading, chunk.anchor) for chunk in chunk_article(article(body))]

    assert list(dict.fromkeys(found)) == named


def test_a_list_that_fits_stays_whole_even_when_the_section_does_not():
    steps = "\n".join(f"{n}. Press the button on the back for five seconds." for n in range(1, 9))
    long_text = "This sentence explains why the button is on the back. " * 8

    chunks = chunk_article(article(f"## Reset\n{long_text}\n\n{steps}"))

    assert len(chunks) > 1
    assert chunks[-1].text.startswith("1. ")
    assert "8. " in chunks[-1].text


def test_a_list_too_long_to_quote_is_marked_as_parts():
    steps = "\n".join(f"{n}. Press the button for five seconds and wait." for n in range(1, 40))

    chunks = chunk_article(article(steps))

    assert len(chunks) > 1
    assert not any(block.whole for chunk in chunks for block in chunk.blocks)


def test_text_without_spaces_is_cut_all_the_same():
    chunks = chunk_article(article("x" * 5000))

    assert max(text_size(chunk.text) for chunk in chunks) <= MAX_SIZE
    assert sum(len(chunk.text) for chunk in chunks) == 5000


def test_the_breadcrumb_and_the_id_tell_chunks_apart():
    here, there = chunk_article(article("Same words.\n\n## Heading\nSame words."))
    other_locale = chunk_article(article("Same words.", locale="ko"))[0]
    again = chunk_article(article("Same words."))[0]

    assert (here.breadcrumb, there.breadcrumb) == ("Title", "Title › Heading")
    assert len({here.id, there.id, other_locale.id}) == 3
    assert again.id == here.id


def test_an_article_of_only_headings_can_still_be_found():
    chunks = chunk_article(article("## Only a heading"))

    assert [chunk.indexed_text for chunk in chunks] == ["Title › Only a heading\n"]
    assert [chunk.indexed_text for chunk in chunk_article(article(""))] == ["Title\n"]
