"""Finds the passages that answer a question; follows the live index as it is replaced."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_index import versions
from kb_index.analyzers import to_simplified
from kb_index.confidence import Confidence, Decision, decide
from kb_index.cutoffs import TARGET, Cutoffs
from kb_index.embedding import Embedder, FloatVector
from kb_index.errors import KbError
from kb_index.evidence import Query
from kb_index.model_settings import ModelSettings
from kb_index.searching import Hit, IndexVersion
from kb_index.site_cutoffs import SiteCutoffs

logger = logging.getLogger(__name__)

#: Weight of a Traditional Chinese question's Simplified form in its vector.
_SIMPLIFIED = np.float32(0.7)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: distinct articles, best first; confidence and decision of the first."""

    version: str
    hits: tuple[Hit, ...]
    confidence: float
    decision: Decision


class Retriever:
    """Searches the live index; safe to share between threads."""

    def __init__(
        self, kb_dir: Path, embedder: Embedder, *, live: IndexVersion, cutoffs: SiteCutoffs
    ) -> None:
        self._kb_dir = kb_dir
        self._cutoffs = cutoffs
        self._embedder = embedder
        self._live = live  # replaced as a whole; a running search keeps the one it began with
        self._refused: str | None = None
        self._refreshing = threading.Lock()

    @classmethod
    def open(
        cls, kb_dir: str | os.PathLike[str], embedder: Embedder, *, target: float = TARGET
    ) -> Retriever:
        """Open the live index in `kb_dir`; `target` is the share of answers that may be wrong.

        Raises:
            CalibrationBroken: the site's own calibration cannot be used.
            IndexMissing: nothing was built yet.
            IndexMismatch: it was built with another model or other settings.
            IndexBroken: a file of it is missing or damaged.
        """
        folder = Path(kb_dir)
        cutoffs = SiteCutoffs(folder, target=target)
        return cls(folder, embedder, live=_open_live(folder, embedder.settings), cutoffs=cutoffs)

    @property
    def version(self) -> str:
        """The version in use."""
        return self._live.version

    def refresh_if_changed(self) -> bool:
        """Switch to the live index if it was replaced; returns True if it did.

        Costs one stat and one readlink when nothing changed. An index that cannot be used is
        refused once, with a line in the log, and the one in use stays. The site's calibration is
        followed too.
        """
        self._cutoffs.refresh_if_changed()
        wanted = versions.live_version(self._kb_dir)
        if wanted in (self._live.version, self._refused):
            return False
        with self._refreshing:
            wanted = versions.live_version(self._kb_dir)  # another thread may have switched on
            if wanted in (self._live.version, self._refused):
                return False
            try:
                live = _open_live(self._kb_dir, self._embedder.settings)
            except KbError as error:
                self._refused = wanted
                logger.warning("index %s refused, %s stays: %s", wanted, self._live.version, error)
                return False
            self._live, self._refused = live, None
        logger.info("index %s in use", live.version)
        return True

    def cutoffs(self, locale: str) -> Cutoffs:
        """Return the cut-offs in use for questions in a locale."""
        return self._cutoffs.of(locale)

    def search(self, text: str, *, locale: str, k: int = 5) -> SearchResult:
        """Find up to `k` articles for a question, those in `locale` before others.

        Articles that are not translated into `locale` are looked at only when the others give no
        clear answer, and come first only when theirs is clear. A blank question finds nothing.
        """
        live = self._live
        question = text.strip()
        if not question:
            return SearchResult(live.version, (), 0.0, Decision.OFFER_PERSON)
        queries = self._queries(live, question, locale=locale)
        own = self._scaled(live.search(queries, locales=[locale], k=k), locale=locale)
        hits = own
        cutoffs = self._cutoffs.of(locale)
        others = live.locales_with_more_than(locale)
        if others and _decision(own, cutoffs) is not Decision.ANSWER:
            found = live.search(queries, locales=others, besides=locale, k=k)
            foreign = self._scaled(found, locale=locale)
            clear = _decision(foreign, cutoffs) is Decision.ANSWER
            hits = foreign + own if clear else own + foreign
        kept = hits[:k]
        confidence = kept[0].confidence if kept else 0.0
        return SearchResult(live.version, tuple(kept), confidence, _decision(kept, cutoffs))

    def search_article(self, text: str, article_id: str, *, locale: str) -> Hit | None:
        """Find the passage of one article that fits a question best, as for a clicked title.

        The article in another locale serves when `locale` has none; None when there is no such
        article. Its confidence says nothing about rivals, for there are none.
        """
        live = self._live
        queries = self._queries(live, text.strip(), locale=locale)
        for name in sorted(live.locales, key=lambda name: name != locale):
            hit = live.search_article(queries, article_id=article_id, locale=name)
            if hit is not None:
                return hit
        return None

    def _scaled(self, hits: list[Hit], *, locale: str) -> list[Hit]:
        return [self._cutoffs.scaled(hit, locale=locale) for hit in hits]

    def _queries(self, live: IndexVersion, question: str, *, locale: str) -> list[Query]:
        """Return the forms of the question: as it was put, and in the articles' words."""
        rewritten = live.rewrite(question, locale=locale)
        forms = [question] if rewritten is None else [question, rewritten]
        return [Query(form, self._embed(form)) for form in forms]

    def _embed(self, question: str) -> FloatVector:
        """Embed a question; Traditional Chinese mostly as it would be asked in Simplified Chinese.

        The model knows Simplified Chinese better. Headings of a help centre in zh-Hant asked of the
        one in zh-Hans: recall@1 0.51 → 0.56, within five 0.72 → 0.78; DRCD, articles in zh-Hant:
        0.955 → 0.965.
        """
        simplified = to_simplified(question)
        if simplified == question:
            alone: FloatVector = self._embedder.embed_queries([question])[0]
            return alone
        as_asked, as_simplified = self._embedder.embed_queries([question, simplified])
        mixed: FloatVector = (1 - _SIMPLIFIED) * as_asked + _SIMPLIFIED * as_simplified
        return mixed


def _open_live(kb_dir: Path, model: ModelSettings) -> IndexVersion:
    """Open the live version; one that was replaced, and perhaps removed, meanwhile is no fault."""
    while True:
        version = versions.live_version(kb_dir)
        try:
            return IndexVersion.open(kb_dir, version, model=model)
        except KbError:
            if versions.live_version(kb_dir) == version:
                raise


def _decision(hits: list[Hit], cutoffs: Cutoffs) -> Decision:
    if not hits:
        return Decision.OFFER_PERSON
    return decide(Confidence(hits[0].covered, hits[0].confidence), cutoffs)
