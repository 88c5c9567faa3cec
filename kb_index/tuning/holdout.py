"""Divides articles into those learnt from and those held back, and asks for them by name."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from markdown_it import MarkdownIt

from kb_index.articles import Article
from kb_index.evaluation import Question
from kb_index.markdown import read_sections

#: Shortest title or heading that is a question of its own, in characters ("FAQ" asks nothing).
SHORTEST_NAME = 4


class Part(str, Enum):
    """What an article serves for."""

    TRAIN = "train"  # 70 %: learnt from
    CHOOSE = "choose"  # 10 %: its questions choose how far to go from the old model
    JUDGE = "judge"  # 20 %: its questions decide whether the new model is kept


def part_of(article_id: str) -> Part:
    """Return the part of an article: the same in all locales and at every tuning.

    It follows from the id alone, so that the translation of a held-back article is held back too,
    and no earlier tuning has learnt from what a later one is judged by.
    """
    percent = int(hashlib.sha256(article_id.encode()).hexdigest()[:8], 16) % 100
    if percent < 70:
        return Part.TRAIN
    return Part.CHOOSE if percent < 80 else Part.JUDGE


def select(articles: Sequence[Article], part: Part) -> list[Article]:
    """Return the articles of one part, in their order."""
    return [article for article in articles if part_of(article.id) is part]


def names_by_article(articles: Sequence[Article]) -> dict[str, list[str]]:
    """Return title, headings and pinned questions of each article, by its key.

    Left out is what another article of the locale is called too: "Requirements" asks for neither.
    """
    names = {article.key: _names_of(article) for article in articles}
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for article in articles:
        for name in names[article.key]:
            bearers[article.locale, name.casefold()].add(article.id)
    return {
        article.key: [
            name
            for name in names[article.key]
            if len(bearers[article.locale, name.casefold()]) == 1
        ]
        for article in articles
    }


def questions_of(articles: Sequence[Article], part: Part) -> dict[str, list[Question]]:
    """Ask for each article of a part by its own names; the questions by locale."""
    names = names_by_article(articles)
    questions: dict[str, list[Question]] = defaultdict(list)
    for article in select(articles, part):
        for name in names[article.key]:
            number = len(questions[article.locale])
            questions[article.locale].append(
                Question(f"{article.locale}-{number}", name, frozenset({article.id}))
            )
    return dict(questions)


def strip_names(article: Article) -> Article:
    """Return the article without title, headings and pinned questions: its text must answer."""
    lines = article.body.split("\n")
    for token in reversed(MarkdownIt("commonmark").enable("table").parse(article.body)):
        if token.type == "heading_open" and token.map:
            del lines[token.map[0] : token.map[1]]
    return replace(article, title="", body="\n".join(lines), answers=())


def _names_of(article: Article) -> list[str]:
    headings = [section.heading for section in read_sections(article.body)]
    names = [name.strip() for name in (article.title, *headings, *article.answers)]
    return list(dict.fromkeys(name for name in names if len(name) >= SHORTEST_NAME))
