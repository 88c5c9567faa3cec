"""Asks questions as a calibrated site would, without judging it by what it was calibrated on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from kb_index.calibrating import calibrate
from kb_index.calibration import FILE_NAME
from kb_index.embedding import Embedder
from kb_index.golden import GoldenQuestion
from kb_index.kept_vectors import KeptVectors
from kb_index.retriever import Retriever, SearchResult
from kb_index.searching import IndexVersion
from kb_index.site_cutoffs import SiteCutoffs

#: Parts that the questions are divided into, each asked with a calibration on all others.
FOLDS = 5


def cross_fit(
    index: IndexVersion, questions: Sequence[GoldenQuestion], *, embedder: Embedder, k: int
) -> dict[GoldenQuestion, SearchResult] | None:
    """Ask for up to `k` articles, each question with cut-offs that were chosen on others.

    Every fifth question belongs to the same part, so that parts of an ordered list are alike. None
    when the questions are too few to calibrate on.
    """
    found: dict[GoldenQuestion, SearchResult] = {}
    with TemporaryDirectory(prefix="baton-evaluate-") as name:
        folder = Path(name)
        kept = KeptVectors(folder, embedder.settings, load_embedder=lambda: embedder)
        vectors = cast("Embedder", kept)  # as far as the retriever uses one
        for fold in range(FOLDS):
            others = [one for number, one in enumerate(questions) if number % FOLDS != fold]
            calibration = calibrate(index, others, embedder=vectors)
            if calibration is None:
                return None
            calibration.write(folder / FILE_NAME)
            retriever = Retriever(folder, vectors, live=index, cutoffs=SiteCutoffs(folder))
            for one in questions[fold::FOLDS]:
                found[one] = retriever.search(one.text, locale=one.locale, k=k)
    return found
