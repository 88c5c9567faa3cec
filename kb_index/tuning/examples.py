"""Collects what there is to learn from: questions, passages, and which article each belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.articles import Article
from kb_index.chunking import chunk_article
from kb_index.embedding import Embedder, FloatMatrix
from kb_index.tuning.holdout import Part, names_by_article, select, strip_names
from kb_index.tuning.votes import Vote


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts of one locale; `asks_for` and `belongs_to` name the article of each, locale/id."""

    questions: tuple[str, ...]
    asks_for: tuple[str, ...]
    passages: tuple[str, ...]
    belongs_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of Examples: float32 (texts, d), and the number of each text's article."""

    questions: FloatMatrix
    asks_for: npt.NDArray[np.int64]
    passages: FloatMatrix
    belongs_to: npt.NDArray[np.int64]


def collect(articles: Sequence[Article], votes: Sequence[Vote]) -> list[Examples]:
    """Collect examples from the articles of the training part, those of a locale together.

    Questions are titles, headings, pinned questions and what customers asked when they said that
    the answer helped; passages are cut from the articles without their names. A text that is also
    a question of a held-back article is left out.
    """
    names = names_by_article(articles)
    trained = {article.key for article in select(articles, Part.TRAIN)}
    held_back = {name.casefold() for key in names.keys() - trained for name in names[key]}
    asked: dict[str, list[str]] = defaultdict(list)
    for vote in votes:
        if vote.helpful and vote.query:
            asked[f"{vote.locale}/{vote.article_id}"].append(vote.query)
    by_locale: dict[str, list[Article]] = defaultdict(list)
    for article in select(articles, Part.TRAIN):
        by_locale[article.locale].append(article)
    collected = []
    for locale in sorted(by_locale):
        questions, passages = dict[tuple[str, str], None](), list[tuple[str, str]]()
        for article in by_locale[locale]:
            own = [chunk.text for chunk in chunk_article(strip_names(article))]
            texts = [text for text in own if text.strip()]
            if not texts:
                continue
            passages += [(text, article.key) for text in texts]
            for question in (*names[article.key], *asked[article.key]):
                if question.casefold() not in held_back:
                    questions[question, article.key] = None
        if questions:
            collected.append(Examples(*zip(*questions, strict=True), *zip(*passages, strict=True)))
    return collected


def embed(examples: Examples, embedder: Embedder, *, workers: int) -> Vectors:
    """Embed the texts of one locale."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(examples.belongs_to))}
    return Vectors(
        questions=embedder.embed_queries(list(examples.questions), workers=workers),
        asks_for=np.array([numbers[key] for key in examples.asks_for], dtype=np.int64),
        passages=embedder.embed_passages(list(examples.passages), workers=workers),
        belongs_to=np.array([numbers[key] for key in examples.belongs_to], dtype=np.int64),
    )
