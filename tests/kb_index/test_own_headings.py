"""Asking a help centre its own titles and headings."""

from kb_index.articles import Article
from kb_index.own_headings import ask_own_headings

BODY = "Intro.\n\n## Change the network ##\nOpen settings.\n\n## Note\nNo # heading here.\n"


def article(article_id, title, body=BODY, locale="en"):
    return Article(article_id, locale, title, "", (), body, answers=("Why?",))


def test_titles_and_headings_become_questions_and_are_gone_from_the_text():
    (stripped,), questions = ask_own_headings([article("wifi", "Wi-Fi of the hub")], most=10)

    assert [(one.text, one.gold) for one in questions["en"]] == [
        ("Change the network", {"wifi"}),
        ("Wi-Fi of the hub", {"wifi"}),
    ]
    assert (stripped.title, stripped.answers) == ("", ())
    assert "Change the network" not in stripped.body
    assert "Open settings." in stripped.body
    assert "No # heading here." in stripped.body


def test_what_many_articles_say_alike_is_no_question():
    articles = [article(f"a{n}", f"Article number {n}") for n in range(3)]

    _, questions = ask_own_headings(articles, most=10)

    assert [one.text for one in questions["en"]] == [f"Article number {n}" for n in range(3)]


def test_a_sample_is_the_same_each_time_and_every_locale_has_its_own():
    articles = [
        article(f"a{n}", f"Article number {n}", "Text.", locale)
        for n in range(30)
        for locale in ("en", "ru")
    ]

    first, again = (ask_own_headings(articles, most=5)[1] for _ in range(2))

    assert first == again
    assert {locale: len(found) for locale, found in first.items()} == {"en": 5, "ru": 5}
