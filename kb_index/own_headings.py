"""Makes a test of any help centre: its own titles and headings, asked after they are taken out.

Headings are written as customers ask, and the text below one answers it. A site without golden
questions can so be measured, and one help centre compared with another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb_index.articles import Article
from kb_index.evaluation import Question

#: A Markdown heading in a line of its own.
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
#: Headings of fewer characters ("Example", "Note") ask nothing.
_LEAST = 8
#: A heading in more articles than this is a formula ("See also").
_MOST_ARTICLES = 2
_SEED = 1


def ask_own_headings(
    articles: Sequence[Article], *, most: int
) -> tuple[list[Article], Mapping[str, list[Question]]]:
    """Take titles and headings out of the articles and make them questions, by locale.

    Of more than `most` questions of a locale a sample is drawn, the same one each time.
    """
    where: dict[tuple[str, str], set[str]] = {}
    for article in articles:
        for name in {article.title.strip(), *(one.strip() for one in headings(article))}:
            if len(name) >= _LEAST:
                where.setdefault((article.locale, name), set()).add(article.id)
    questions: dict[str, list[Question]] = {}
    for (locale, name), ids in sorted(where.items()):
        if len(ids) <= _MOST_ARTICLES:
            found = questions.setdefault(locale, [])
            found.append(Question(f"{locale}-{len(found)}", name, frozenset(ids)))
    draw = random.Random(_SEED)  # noqa: S311 - a sample, no secret
    sampled = {
        locale: found if len(found) <= most else draw.sample(found, most)
        for locale, found in questions.items()
    }
    return [strip(article) for article in articles], sampled


def headings(article: Article) -> list[str]:
    """Return the headings in an article's text, in order."""
    return [match[1] for match in _HEADING.finditer(article.body)]


def strip(article: Article) -> Article:
    """Return the article without title, headings and pinned questions."""
    return replace(article, title="", body=_HEADING.sub("", article.body), answers=())
