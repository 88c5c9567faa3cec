"""The demo company's golden questions fit its articles."""

import json
from pathlib import Path

import pytest

from kb_index.articles import load_articles
from kb_index.locales import LOCALES

ROOT = Path(__file__).parents[2]
KINDS = {"near_miss", "other_product", "smalltalk"}


@pytest.fixture(scope="module")
def articles():
    return load_articles(ROOT / "data" / "kb").articles


@pytest.fixture(params=LOCALES)
def locale(request):
    return request.param


@pytest.fixture
def rows(locale):
    text = (ROOT / "data" / "eval" / f"{locale}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_every_article_is_asked_for_and_every_gold_is_an_article(rows, articles, locale):
    wanted = {article_id for row in rows for article_id in row["gold"]}

    assert wanted == {article.id for article in articles if article.locale == locale}


def test_each_language_asks_enough_with_and_without_an_answer(rows):
    kinds = [row.get("kind", "") for row in rows]

    assert kinds.count("") >= 40
    assert kinds.count("near_miss") >= 12
    assert kinds.count("other_product") + kinds.count("smalltalk") >= 6


def test_a_kind_is_stated_exactly_where_nothing_answers(rows, locale):
    for row in rows:
        assert row["locale"] == locale
        assert row["id"].endswith(f"-{locale}")
        assert (row.get("kind") in KINDS) == (not row["gold"]), row["id"]


def test_no_question_is_asked_twice_or_copied_from_an_article(rows, articles, locale):
    titles = {article.title.casefold() for article in articles if article.locale == locale}
    questions = [row["question"].casefold() for row in rows]

    assert len(set(questions)) == len(questions)
    assert len({row["id"] for row in rows}) == len(rows)
    assert not titles.intersection(questions)
