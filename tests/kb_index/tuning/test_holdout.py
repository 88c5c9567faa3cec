"""Held-back articles: the same ones always, and nothing of them is learnt from."""

from dataclasses import replace

import pytest

from kb_index.articles import Article
from kb_index.tuning.examples import collect
from kb_index.tuning.holdout import (
    Part,
    names_by_article,
    part_of,
    questions_of,
    select,
    strip_names,
)
from kb_index.tuning.votes import Vote


def article(number, *, locale="en", title=None, body="Some words.", answers=()):
    return Article(
        id=f"a-{number}",
        locale=locale,
        title=title or f"Title {number} {locale}",
        updated="",
        tags=(),
        body=body,
        answers=answers,
    )


def article_of(part, **changes):
    number = next(n for n in range(1000) if part_of(f"a-{n}") is part)
    return article(number, **changes)


@pytest.fixture
def articles():
    bodies = [f"Opening {n}.\n\n## Heading {n}\n\nText {n}.\n" for n in range(200)]
    return [
        article(n, locale=locale, body=body.replace("Heading", f"Heading {locale}"))
        for n, body in enumerate(bodies)
        for locale in ("en", "ru")
    ]


def test_parts_are_of_the_sizes_that_are_told(articles):
    shares = {part: len(select(articles, part)) / len(articles) for part in Part}

    assert shares[Part.TRAIN] == pytest.approx(0.7, abs=0.1)
    assert shares[Part.CHOOSE] == pytest.approx(0.1, abs=0.06)
    assert shares[Part.JUDGE] == pytest.approx(0.2, abs=0.08)


def test_a_translation_is_in_the_part_of_its_original(articles):
    for part in Part:
        ids = {locale: set() for locale in ("en", "ru")}
        for one in select(articles, part):
            ids[one.locale].add(one.id)
        assert ids["en"] == ids["ru"]


def test_nothing_of_a_held_back_article_is_learnt_from(articles):
    held_back = {one.key: one for one in articles if part_of(one.id) is not Part.TRAIN}
    votes = [Vote(f"vote on {key}", one.id, one.locale, True) for key, one in held_back.items()]

    collected = collect(articles, votes)

    learnt = {text for one in collected for text in (*one.questions, *one.passages)}
    keys = {key for one in collected for key in (*one.asks_for, *one.belongs_to)}
    parts = (Part.CHOOSE, Part.JUDGE)
    asked = {one.text for part in parts for one in _all(questions_of(articles, part))}
    assert not keys & held_back.keys()
    assert not any(text.startswith("vote on") for text in learnt)
    assert asked
    assert not learnt & asked
    for one in held_back.values():
        assert f"Text {one.id.removeprefix('a-')}." not in learnt


def test_a_text_that_is_asked_of_a_held_back_article_is_not_learnt_from_another():
    trained = article_of(Part.TRAIN, title="How to pay", answers=("Where is the invoice?",))
    judged = article_of(Part.JUDGE, locale="ru", title="where is the Invoice?")

    (collected,) = collect([trained, judged], [])

    assert collected.questions == ("How to pay",)


def test_helpful_votes_and_pinned_questions_are_learnt_from_and_others_not():
    one = article_of(Part.TRAIN, title="How to pay", answers=("Where is the invoice?",))
    votes = [
        Vote("give me my bill", one.id, "en", True),
        Vote("tell me a joke", one.id, "en", False),
        Vote("счёт", one.id, "ru", True),
    ]

    (collected,) = collect([one], votes)

    assert collected.questions == ("How to pay", "Where is the invoice?", "give me my bill")


def test_a_name_that_two_articles_bear_asks_for_neither():
    body = "Opening.\n\n## Requirements\n\nText."
    names = names_by_article([article(1, body=body), article(2, body=body + "\n\n## Only here")])

    assert names == {"en/a-1": ["Title 1 en"], "en/a-2": ["Title 2 en", "Only here"]}


def test_stripping_takes_every_heading_and_leaves_every_other_word():
    body = "# Top\nOne.\n\n### Deep\n\n- a\n- b\n\nLast\n----\n\n```\n# no heading\n```\n"

    stripped = strip_names(replace(article(1, body=body), answers=("Pinned?",)))

    assert (stripped.title, stripped.answers) == ("", ())
    assert stripped.body.split() == ["One.", "-", "a", "-", "b", "```", "#", "no", "heading", "```"]


def _all(questions):
    return [one for each in questions.values() for one in each]
