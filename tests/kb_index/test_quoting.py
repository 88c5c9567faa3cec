"""What a customer reads: the fitting words, whole lists, no markup."""

import re

import pytest
from hypothesis import given, settings, strategies as st

from kb_index.articles import Article
from kb_index.chunking import chunk_article
from kb_index.markdown import Block, BlockKind, read_sections
from kb_index.passages import quote_chunk
from kb_index.quoting import LONGEST_QUOTE, Quote, quote as choose

STEPS = Block(BlockKind.LIST, "\n".join(f"{n}. Press button {n}." for n in range(1, 9)))
LONG = "The weather plays no part in this at all. " * 12


def quote(*arguments, **options):
    return choose(*arguments, **options).text


def paragraph(text):
    return Block(BlockKind.PARAGRAPH, text)


def blocks_of(text):
    return [block for section in read_sections(text) for block in section.blocks]


def article_quote(body, question, *, at):
    """Quote a chunk of an article, as the index does."""
    chunks = chunk_article(Article("a", "en", "Title", "2026-01-01", (), body))
    everything = range(len(chunks))
    return quote_chunk(chunks, at, question, article=everything, rarity=lambda _: 1.0)


def test_a_short_passage_is_quoted_whole():
    blocks = [paragraph("Before you begin:"), STEPS]

    assert quote(blocks, "which button?") == "Before you begin:\n" + STEPS.text


def test_of_a_long_passage_the_fitting_sentences_are_quoted():
    blocks = [paragraph(LONG + "Refunds arrive in five days. " + LONG)]

    found = choose(blocks, "when do refunds arrive?")

    assert "Refunds arrive in five days." in found.text
    assert len(found.text) <= LONGEST_QUOTE
    assert found.text.endswith(".")
    assert not found.from_start


def test_rare_words_count_more():
    common = "How do you do this, and when do you do it? " * 4
    blocks = [paragraph(common + LONG + "Refunds take five days. " + LONG)]
    rarity = {"refund": 9.0}

    text = quote(blocks, "when do you do refunds", rarity=lambda word: rarity.get(word, 0.1))

    assert "Refunds take five days." in text


def test_chinese_sentences_are_joined_without_spaces():
    blocks = [paragraph("先打开设置。" * 80 + "然后申请退款。" + "最后关闭设置。" * 80)]

    text = quote(blocks, "怎么申请退款")

    assert "申请退款。" in text
    assert " " not in text
    assert len(text) <= LONGEST_QUOTE


def test_a_list_is_there_whole_or_not_at_all():
    blocks = [paragraph("Some words about buttons. " * 40), STEPS]

    whole = quote(blocks, "press button 5")
    without = quote(blocks, "press button 5", limit=100)

    assert whole.endswith(STEPS.text)
    assert "1. Press" not in without


def test_a_list_keeps_the_sentence_or_heading_that_leads_to_it():
    lead = f"{LONG}To reset the hub:"

    by_sentence = choose([paragraph(lead), STEPS], "press button 5", limit=250)
    by_heading = choose([paragraph(LONG), Block(BlockKind.HEADING, "Reset"), STEPS], "press 5")

    assert by_sentence.text == f"To reset the hub:\n{STEPS.text}"
    assert f"Reset\n{STEPS.text}" in by_heading.text


def test_what_leads_to_a_list_is_found_before_the_passage():
    assert quote([STEPS], "press", before=[paragraph(f"{LONG}Do this:")]).startswith("Do this:\n1.")
    assert quote([STEPS], "press", before=[paragraph("That is all.")]) == STEPS.text


def test_what_leads_to_a_list_that_is_left_out_is_left_out_with_it():
    part = Block(BlockKind.LIST, "7. Press button 7.", whole=False)

    assert quote([paragraph("Hold it. Then do this:"), part], "button") == "Hold it."
    assert quote([paragraph("Do this:"), part], "button") == "Do this:"


def test_a_passage_that_only_leads_on_takes_along_what_follows():
    body = "To reset the hub, do this:\n\n## Steps\n1. Press.\n2. Wait.\n\n## Else\nNothing."

    found = article_quote(body, "reset the hub", at=0)

    assert found.text == "To reset the hub, do this:\nSteps\n1. Press.\n2. Wait."


def test_an_opening_takes_the_next_section_along_only_if_it_says_more_of_what_is_asked():
    body = "All about the hub.\n\n## Reset\nHold the button.\n\n## Else\nNothing."

    assert article_quote(body, "reset button", at=0).text == (
        "All about the hub.\nReset\nHold the button."
    )
    assert article_quote(body, "about the hub", at=0).text == "All about the hub."


def test_a_part_of_a_list_is_never_quoted():
    part = Block(BlockKind.LIST, "7. Press button 7.", whole=False)

    assert choose([part], "button") == Quote()
    assert quote([paragraph("Hold it."), part], "button") == "Hold it."


def test_an_article_that_is_one_endless_list_is_quoted_by_its_name():
    body = "\n".join(f"{n}. Press the button for five seconds and wait." for n in range(1, 60))

    assert article_quote(body, "press", at=1).text == "Title"


def test_of_a_table_too_long_the_fitting_rows_are_quoted_below_their_header():
    rows = "".join(f"| E-{n} | meaning of {n} |\n" for n in range(100, 160))
    chunks = chunk_article(
        Article("a", "en", "T", "2026-01-01", (), f"| Code | Meaning |\n|--|--|\n{rows}")
    )
    number = next(at for at, chunk in enumerate(chunks) if "E-142" in chunk.text)

    [table] = quote_chunk(
        chunks, number, "what is E-142?", article=range(len(chunks)), rarity=lambda _: 1.0
    ).blocks

    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Code", "Meaning"],
        ["E-142", "meaning of 142"],
    ]
    assert not table.whole
    assert Quote((table,)).text == "E-142: Meaning meaning of 142\n…"


def test_without_a_fitting_row_a_long_table_begins():
    rows = "".join(f"| E-{n} | meaning of {n} |\n" for n in range(100, 160))
    [table] = blocks_of(f"| Code | Meaning |\n|--|--|\n{rows}")

    found = choose([table], "zebra")

    assert found.text.startswith("E-100: Meaning meaning of 100\n")
    assert found.text.endswith("\n…")
    assert len(found.text) <= LONGEST_QUOTE


def test_a_sentence_without_end_is_cut_at_a_space():
    text = quote([paragraph("word " * 400)], "word")

    assert text.endswith("word…")
    assert len(text) <= LONGEST_QUOTE


def test_links_and_code_stay_where_they_are():
    [block] = blocks_of(f"{LONG}Type [`moor`](page) twice. {LONG}")

    [quoted] = choose([block], "moor twice", limit=120).blocks

    marked = {(span.kind.value, quoted.text[span.start : span.end]) for span in quoted.spans}
    assert marked == {("link", "moor"), ("code", "moor")}


def test_nothing_of_hidden_or_reordering_characters_is_left():
    [block] = blocks_of("a\u202eb\u2066c\u200bd &#x202e;e `f\u200ef`\ufeff")

    assert quote([block], "a") == "abcd e ff"


def test_what_stands_before_a_lead_in_that_is_left_out_ends_its_line():
    blocks = [
        paragraph("It is easy. Do this:"),
        Block(BlockKind.LIST, "1. one\n" * 200),
        paragraph("Then wait."),
    ]

    assert quote(blocks, "wait") == "It is easy.\nThen wait."


def squeezed(text):
    return re.sub(r"\s|…", "", text)


WORDS = st.text(alphabet="ab c。.!?:\n忘記가나Жш", min_size=1, max_size=300)
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(BlockKind), WORDS, st.booleans()), min_size=1, max_size=6
)


@pytest.mark.parametrize("limit", [50, 200, LONGEST_QUOTE])
@settings(max_examples=80, deadline=None)
@given(BLOCKS, BLOCKS, BLOCKS, WORDS)
def test_a_quote_is_short_enough_in_order_and_cuts_no_list(limit, before, blocks, after, question):
    found = choose(blocks, question, before=before, after=after, limit=limit)

    assert len(found.text) <= limit
    everything = "".join(squeezed(block.text) for block in (*before, *blocks, *after))
    at = 0
    for block in found.blocks:  # the words of the article, in their order
        at = everything.index(squeezed(block.text), at) + len(squeezed(block.text))
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.TABLE):
            assert block in (*before, *blocks, *after)
            assert block.whole


ITEMS = st.lists(
    st.text(alphabet="ab *_`[](){}<>!#|\\&;:x", min_size=1, max_size=60), min_size=1, max_size=8
)


@settings(max_examples=150, deadline=None)
@given(ITEMS, st.sampled_from(["- {}\n", "1. {}\n", "{}\n\n", "| {} | x |\n", "> {}\n", "## {}\n"]))
def test_no_list_is_cut_whatever_the_markdown(items, form):
    body = "Lead:\n\n" + "".join(form.format(item) for item in items)

    for number in range(len(chunk_article(Article("a", "en", "T", "2026-01-01", (), body)))):
        found = article_quote(body, "ab x", at=number)

        whole = {block.text for section in read_sections(body) for block in section.blocks}
        assert len(found.text) <= LONGEST_QUOTE
        for block in found.blocks:
            if block.kind is BlockKind.LIST:
                assert block.text in whole
