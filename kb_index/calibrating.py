"""Measures on a site's golden questions what confidences mean there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index.calibration import Calibration, LocaleCalibration, Measured, Scale, logit
from kb_index.cutoffs import Outcome, draw_curve
from kb_index.embedding import Embedder
from kb_index.golden import GoldenQuestion
from kb_index.retriever import Retriever
from kb_index.searching import IndexVersion
from kb_index.site_cutoffs import SiteCutoffs

#: Fewer questions of a locale, or fewer of either sort, say too little: it keeps what it had.
LEAST_QUESTIONS, LEAST_ANSWERABLE, LEAST_UNANSWERABLE = 30, 15, 8
#: Articles that the bot offers when it asks back.
CHOICES = 3
#: How much the scale of all locales counts in that of one, as a number of questions; and the
#: formula's own scale in that of all.
_TRUST = 10.0
_STEPS = 50


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its confidences, and whether first article and list are right."""

    locale: str
    answerable: bool
    right: float
    is_right: bool
    covered: float
    is_listed: bool


def calibrate(
    index: IndexVersion, questions: Sequence[GoldenQuestion], *, embedder: Embedder
) -> Calibration | None:
    """Ask all questions and measure; None when no locale has questions enough.

    Locales with too few questions keep what comes with Baton.
    """
    shipped = SiteCutoffs(None)  # confidences as the formula has them
    retriever = Retriever(Path(), embedder, live=index, cutoffs=shipped)
    asked = [_ask(retriever, question) for question in questions]
    by_locale = {locale: _of(asked, locale) for locale in sorted({one.locale for one in asked})}
    enough = {locale: rows for locale, rows in by_locale.items() if _is_enough(rows)}
    if not enough:
        return None
    answers = _measure({locale: _answers(rows) for locale, rows in enough.items()})
    lists = _measure({locale: _lists(rows) for locale, rows in enough.items()})
    own = {locale: LocaleCalibration(answers[locale], lists[locale]) for locale in enough}
    n = sum(map(len, enough.values()))
    source = f"{n} golden questions of {', '.join(enough)}"
    return Calibration({**shipped.calibration.locales, **own}, source)


def _ask(retriever: Retriever, question: GoldenQuestion) -> _Asked:
    hits = retriever.search(question.text, locale=question.locale).hits
    found = [hit.article_id in question.gold for hit in hits[:CHOICES]]
    return _Asked(
        locale=question.locale,
        answerable=bool(question.gold),
        right=hits[0].confidence if hits else 0.0,
        is_right=found[:1] == [True],
        covered=hits[0].covered if hits else 0.0,
        is_listed=any(found),
    )


def _of(asked: Sequence[_Asked], locale: str) -> list[_Asked]:
    return [one for one in asked if one.locale == locale]


def _is_enough(rows: Sequence[_Asked]) -> bool:
    answerable = sum(one.answerable for one in rows)
    return (
        len(rows) >= LEAST_QUESTIONS
        and answerable >= LEAST_ANSWERABLE
        and len(rows) - answerable >= LEAST_UNANSWERABLE
    )


def _answers(rows: Sequence[_Asked]) -> list[Outcome]:
    return [Outcome(one.right, one.answerable, one.is_right) for one in rows]


def _lists(rows: Sequence[_Asked]) -> list[Outcome]:
    return [Outcome(one.covered, one.answerable, one.is_listed) for one in rows]


def _measure(by_locale: Mapping[str, Sequence[Outcome]]) -> dict[str, Measured]:
    """Fit a scale for each locale, and draw one curve of all: scaled, they can be compared."""
    pooled = _fit([one for found in by_locale.values() for one in found], towards=Scale())
    scales = {locale: _fit(found, towards=pooled) for locale, found in by_locale.items()}
    curve = draw_curve(
        Outcome(scales[locale].apply(one.confidence), one.answerable, one.right)
        for locale, found in by_locale.items()
        for one in found
    )
    return {locale: Measured(curve, scale) for locale, scale in scales.items()}


def _fit(outcomes: Sequence[Outcome], *, towards: Scale) -> Scale:
    """Fit slope and shift by Newton's method, held near `towards` as by _TRUST questions."""
    x = np.array([[logit(one.confidence), 1.0] for one in outcomes])
    y = np.array([one.right for one in outcomes], dtype=float)
    start = np.array([towards.slope, towards.shift])
    hold: npt.NDArray[np.float64] = np.eye(2) * _TRUST / 4  # a question's weight at p = 1/2 is 1/4
    scale = start.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ scale, -30, 30)))
        gradient = x.T @ (p - y) + hold @ (scale - start)
        curvature = (x.T * (p * (1 - p))) @ x + hold
        step = np.linalg.solve(curvature, gradient)
        scale -= np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-9:
            break
    # a slope below nothing would turn the order round: then confidences say nothing here
    return Scale(float(max(scale[0], 0.0)), float(scale[1]))
