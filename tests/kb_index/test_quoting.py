"""What a customer reads: the fitting words, whole lists, no markup."""

import pytest
from hypothesis import given, settings, strategies as st

from kb_index.markdown import Block, BlockKind
from kb_index.quoting import LONGEST_QUOTE, quote as choose

STEPS = Block(BlockKind.LIST, "\n".join(f"{n}. Press button {n}." for n in range(1, 9)))


def quote(*arguments, **options):
    return choose(*arguments, **options).text


def paragraph(text):
    return Block(BlockKind.PARAGRAPH, text)


def test_a_short_passage_is_quoted_whole():
    blocks = [paragraph("Before you begin:"), STEPS]

    assert quote(blocks, "which button?") == "Before you begin:\n" + STEPS.text


def test_of_a_long_passage_the_fitting_sentences_are_quoted():
    filler = "The weather plays no part in this at all. " * 12
    blocks = [paragraph(filler + "Refunds arrive in five days. " + filler)]

    text = quote(blocks, "when do refunds arrive?")

    assert "Refunds arrive in five days." in text
    assert len(text) <= LONGEST_QUOTE
    assert text.endswith(".")


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


def test_a_part_of_a_list_is_never_quoted():
    part = Block(BlockKind.LIST, "7. Press button 7.", whole=False)

    assert quote([part], "button") == ""
    assert quote([paragraph("Hold it."), part], "button") == "Hold it."


def test_a_sentence_without_end_is_cut_at_a_space():
    text = quote([paragraph("word " * 400)], "word")

    assert text.endswith("word…")
    assert len(text) <= LONGEST_QUOTE


@pytest.mark.parametrize("limit", [50, 200, LONGEST_QUOTE])
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Block,
            st.sampled_from(BlockKind),
            st.text(alphabet="ab 。.!\n忘記", min_size=1, max_size=400),
        ),
        max_size=6,
    ),
    st.text(max_size=20),
)
def test_a_quote_is_never_longer_than_the_limit(limit, blocks, question):
    assert len(quote(blocks, question, limit=limit)) <= limit
