"""Gathers what speaks for each article, for one question, in one version of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kb_index.analyzers import analyze
from kb_index.embedding import FloatVector
from kb_index.opened import Opened
from kb_index.ragged import Rows, expand
from kb_index.scripts import expect_words

#: How many chunks are taken by meaning and by words, and articles by words and by title, before
#: all that was found is weighed together.
DEPTH = 100


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
    n_words: int  # distinct words of the question

    def take(self, positions: Rows) -> Evidence:
        """Return the evidence for the articles at some positions, in that order."""
        chunks, starts = expand(self.starts[positions], self.starts[positions + 1])
        return Evidence(
            articles=self.articles[positions],
            meaning=self.meaning[positions],
            title=self.title[positions],
            words=self.words[positions],
            rows=self.rows[chunks],
            starts=starts,
            chunk_meaning=self.chunk_meaning[chunks],
            chunk_words=self.chunk_words[chunks],
            unknown=self.unknown,
            length=self.length,
            n_words=self.n_words,
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
    rows, starts = opened.chunks.rows_of(articles)
    forms = [_weigh_form(opened, query, articles, rows, starts) for query in queries]
    return forms[0] if len(forms) == 1 else _strongest(forms)


def reach(
    opened: Opened, queries: Sequence[Query], *, articles: Rows
) -> tuple[FloatVector, FloatVector]:
    """Return only the meaning and the title of articles: float32 (articles,) each."""
    rows, starts = opened.chunks.rows_of(articles)
    meanings = [_best_of(opened.vectors.similarities(one.vector, rows), starts) for one in queries]
    titles = [_title(opened, one, articles) for one in queries]
    return np.maximum.reduce(meanings), np.maximum.reduce(titles)


@lru_cache(maxsize=256)
def question_words(text: str) -> tuple[str, ...]:
    """Return the words of a question, as `analyze` does; a question is looked at several times."""
    return tuple(analyze(text))


def _candidates(opened: Opened, query: Query, *, locales: Sequence[str]) -> Rows:
    chunk_ranges = [opened.chunks.locale_rows(name) for name in locales]
    article_ranges = [opened.chunks.locale_articles(name) for name in locales]
    label_ranges = [opened.tables.label_rows(articles) for articles in article_ranges]
    words = question_words(query.text)
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
    words = question_words(query.text)
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
        n_words=len(set(words)),
    )


def _title(opened: Opened, query: Query, articles: Rows) -> FloatVector:
    rows, starts = opened.tables.labels_of(articles)
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
        n_words=forms[0].n_words,
    )
