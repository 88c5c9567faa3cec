"""What is typed into the search box, read: clauses, names, refusals."""

import pytest

from handoff_service.search.errors import BadSearch
from handoff_service.search.query import MAX_CHARS, Clause, Phrase, parse_query, read_day
from handoff_service.search.snippets import snippet_of
from handoff_service.search.terms import composed, terms_of


def words(text):
    return [term.word for term in terms_of(composed(text))]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Refunds REFUNDED", ["refund", "refund"]),
        ("Café naïve", ["cafe", "naiv"]),
        ("Ёлки и чай", ["елк", "и", "ча"]),
        ("退款申請", ["退款", "款申", "申请", "请"]),
        ("退", ["退"]),
        ("환불을", ["환불", "불을", "을"]),
        ("Ｂ－2040", ["b", "2040"]),
        ("ann@example.com", ["ann", "exampl", "com"]),
        ("!?… 😀", []),
    ],
)
def test_text_becomes_terms(text, terms):
    assert words(text) == terms


def test_terms_know_where_they_stand():
    text = composed("Your 환불, tomorrow")

    assert [text[term.start : term.end] for term in terms_of(text)] == [
        "Your", "환불", "불", "tomorrow",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("lang:ru", {"language": "ru"}),
        ('Topic:"ask refund"', {"topic": "ask refund"}),
        ("is:open priority:7 before:2026-11-01", {
            "state": "open", "priority": "7", "before": "2026-11-01",
        }),
    ],
)  # fmt: skip
def test_names_with_a_colon_are_filters(text, filters):
    query = parse_query(text)

    assert (query.clauses, query.filters) == ((), filters)


def test_other_words_with_a_colon_are_words():
    query = parse_query("https://shop.example 12:30")

    assert [clause.ways[0].terms for clause in query.clauses] == [
        ("https", "shop", "exampl"), ("12", "30"),
    ]  # fmt: skip


def test_a_phrase_a_beginning_and_what_must_not_be_there():
    query = parse_query('"late delivery" refu* -bot')

    assert query.clauses == (
        Clause((Phrase(("late", "deliveri")),)),
        Clause((Phrase(("refu",), open_end=True), Phrase(("refu",)))),
        Clause((Phrase(("bot",)),), without=True),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('"never closed', "quote"),
        ('wi"thin', "quote"),
        ("-only -without", "only_without"),
        ("?!", "no_words"),
        ("tag:", "tag:"),
        ("-tag:vip", "tag:"),
        ("lang:ru lang:ko", "lang:"),
        ("from:?", "from:"),
        ("x" * (MAX_CHARS + 1), "too_long"),
        (" ".join("abcdefghijklm"), "too_long"),
    ],
)
def test_what_cannot_be_searched_for_is_named(text, problem):
    with pytest.raises(BadSearch) as refused:
        parse_query(text)

    assert refused.value.problem == problem


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "99999-01-01", "0001-01-01x"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(BadSearch):
        read_day(day, name="before")


@pytest.mark.parametrize("text", ["", "   ", "a", '""', "- -", "-", '"" x', "\t\n x"])
def test_odd_texts_are_read_without_a_fault(text):
    try:
        parse_query(text)
    except BadSearch as refused:
        assert refused.problem


def test_a_snippet_begins_before_its_first_hit_and_marks_all():
    text = "x " * 100 + "My refund, the refunds"

    pieces = snippet_of(text, parse_query("refund").clauses)

    assert [piece.text for piece in pieces if piece.hit] == ["refund", "refunds"]
    assert pieces[0].text == "…"
    assert "".join(piece.text for piece in pieces[1:]) in text
