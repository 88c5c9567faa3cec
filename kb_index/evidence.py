"""Gathers what speaks for each article, for one question, in one version of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.analyzers import analyze
from kb_index.embedding import FloatVector
from kb_index.opened import Opened
from kb_index.scripts import expect_words

#: How many chunks are taken by meaning and by words, and articles by words and by title, before
#: all that was found is weighed together.
DEPTH = 100

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """A question in one of its forms, with its vector: float32 (dimension,)."""

    text: str
    vector: FloatVector


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for n articles, and for each of their chunks.

    Chunks `rows[starts[i]:starts[i + 1]]` are those of article `articles[i]`. Inner products,
    unbounded; `words` are shares, 0 to 1.
    """

    articles: Rows  # (n,) numbers of articles
    meaning: FloatVector  # (n,) the best chunk's
    title: FloatVector  # (n,) that of the title or of a pinned question
    words: FloatVector  # (n,) mean of the article's and its best chunk's
    rows: Rows  # (m,) numbers of chunks
    starts: Rows  # (n + 1,)
    chunk_meaning: FloatVector  # (m,)
    chunk_words: FloatVector  # (m,)
    unknown: float  # share of the question's words that no article has, rare words counting more
    length: float  # of the centred question's vector

    def take(self, positions: Rows) -> Evidence:
        """Return the evidence for the articles at some positions, in that order."""
        parts = [np.arange(self.starts[one], self.starts[one + 1]) for one in positions]
        chunks = np.concatenate(parts) if parts else self.rows[:0]
        sizes = np.array([len(part) for part in parts], dtype=np.int64)
        return Evidence(
            articles=self.articles[positions],
            meaning=self.meaning[positions],
            title=self.title[positions],
            words=self.words[positions],
            rows=self.rows[chunks],
            starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            chunk_meaning=self.chunk_meaning[chunks],
            chunk_words=self.chunk_words[chunks],
            unknown=self.unknown,
            length=self.length,
        )

    def chunks_of(self, position: int) -> slice:
        """Return where the chunks of the article at `position` stand in the arrays of chunks."""
        return slice(int(self.starts[position]), int(self.starts[position + 1]))


def gather(opened: Opened, queries: Sequence[Query], *, locales: Sequence[str]) -> Evidence:
    """Find candidates among the articles of some locales, by each kind of evidence, and weigh them.

    With several forms of the question an article has the strongest evidence of any form.
    """
    known = [name for name in locales if name in opened.chunks.locales]
    found = [_candidates(opened, query, locales=known) for query in queries]
    articles = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    return weigh(opened, queries, articles=articles)


def weigh(opened: Opened, queries: Sequence[Query], *, articles: Rows) -> Evidence:
    """Weigh articles, given by their numbers."""
    ranges = [opened.chunks.article_rows(int(number)) for number in articles]
    sizes = np.array([len(rows) for rows in ranges], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    rows = np.concatenate([np.arange(one.start, one.stop) for one in ranges] or [starts[:0]])
    forms = [_weigh_form(opened, query, articles, rows, starts) for query in queries]
    return forms[0] if len(forms) == 1 else _strongest(forms)


def _candidates(opened: Opened, query: Query, *, locales: Sequence[str]) -> Rows:
    chunk_ranges = [opened.chunks.locale_rows(name) for name in locales]
    article_ranges = [opened.chunks.locale_articles(name) for name in locales]
    label_ranges = [opened.tables.label_rows(articles) for articles in article_ranges]
    words = analyze(query.text)
    chunks = np.concatenate(
        [
            opened.vectors.nearest(query.vector, DEPTH, within=chunk_ranges),
            opened.chunk_words.best(words, DEPTH, within=chunk_ranges),
        ]
    )
    labels = opened.labels.nearest(query.vector, DEPTH, within=label_ranges)
    return np.concatenate(
        [
            opened.chunks.article_of[chunks].astype(np.int64),
            opened.article_words.best(words, DEPTH, within=article_ranges),
            opened.tables.label_owner(labels),
        ]
    )


def _weigh_form(opened: Opened, query: Query, articles: Rows, rows: Rows, starts: Rows) -> Evidence:
    words = analyze(query.text)
    chunk_meaning = opened.vectors.similarities(query.vector, rows)
    chunk_words = opened.chunk_words.shares(words, rows)
    meaning = _best_of(chunk_meaning, starts)
    article_words = opened.article_words.shares(words, articles)
    words_shares = np.float32(0.5) * (article_words + _best_of(chunk_words, starts))
    return Evidence(
        articles=articles,
        meaning=meaning,
        title=_title(opened, query, articles),
        words=expect_words(
            words_shares,
            question=query.text,
            shares=opened.tables.shares[articles],
            meaning=meaning,
        ),
        rows=rows,
        starts=starts,
        chunk_meaning=chunk_meaning,
        chunk_words=chunk_words,
        unknown=opened.article_words.unknown(words),
        length=float(np.linalg.norm(query.vector)),
    )


def _title(opened: Opened, query: Query, articles: Rows) -> FloatVector:
    ranges = [opened.tables.label_rows(range(number, number + 1)) for number in articles.tolist()]
    rows = np.concatenate([np.arange(one.start, one.stop) for one in ranges] or [articles])
    starts = np.concatenate(([0], np.cumsum([len(one) for one in ranges]))).astype(np.int64)
    return _best_of(opened.labels.similarities(query.vector, rows), starts)


def _best_of(values: FloatVector, starts: Rows) -> FloatVector:
    """Return the highest value of each article; every article has at least one."""
    if len(starts) == 1:
        return np.zeros(0, np.float32)
    best: FloatVector = np.maximum.reduceat(values, starts[:-1])
    return best


def _strongest(forms: Sequence[Evidence]) -> Evidence:
    def most(name: str) -> FloatVector:
        values: FloatVector = np.maximum.reduce([getattr(form, name) for form in forms])
        return values

    return Evidence(
        articles=forms[0].articles,
        meaning=most("meaning"),
        title=most("title"),
        words=most("words"),
        rows=forms[0].rows,
        starts=forms[0].starts,
        chunk_meaning=most("chunk_meaning"),
        chunk_words=most("chunk_words"),
        unknown=min(form.unknown for form in forms),
        length=forms[0].length,
    )
