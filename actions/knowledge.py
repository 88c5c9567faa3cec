"""The knowledge base as the actions see it: opened once it is there, searched in threads."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from actions.notices import Notice, Notices
from actions.rasa_vectors import RasaVectors
from actions.vectors import QuestionVectors
from kb_index.cutoffs import TARGET
from kb_index.embedding import Embedder, FloatMatrix
from kb_index.errors import KbError
from kb_index.retriever import Retriever, SearchResult
from kb_index.searching import Hit

logger = logging.getLogger(__name__)

_ERROR_CODE = re.compile(r"\bE-\d{3}\b")


class KnowledgeMissing(Exception):
    """There is no usable index or model yet; the message says what to run."""


class Knowledge:
    """Searches the live index; an index rebuilt meanwhile is used from the next question on."""

    def __init__(
        self,
        kb_dir: Path,
        model_dir: Path,
        *,
        wrong_answers: float = TARGET,
        rasa: RasaVectors | None = None,
    ) -> None:
        """`wrong_answers` is the share of answers that may be wrong, 0 to 1.

        `rasa` embeds questions that came without a vector.
        """
        self._rasa = rasa
        self._kb_dir = kb_dir
        self._wrong_answers = wrong_answers
        self._model_dir = model_dir
        self._retriever: Retriever | None = None
        self._vectors: QuestionVectors | None = None
        self._notices = Notices(self._embed_subjects)
        self._opening = threading.Lock()
        self._codes: tuple[str, frozenset[str]] = ("", frozenset())

    async def search(self, text: str, *, locale: str, k: int = 5) -> SearchResult:
        """Find the passages that answer `text`; raises `KnowledgeMissing`."""
        return await asyncio.to_thread(self._search, text, locale, k)

    async def find_in_article(
        self, text: str, article_id: str, *, locale: str
    ) -> tuple[Hit | None, str]:
        """Find what one article says to `text`, None when there is no such article.

        The other thing returned is the version of the index.
        """
        return await asyncio.to_thread(self._find_in_article, text, article_id, locale)

    def offer_vectors(self, vectors: Mapping[str, Any]) -> None:
        """Take over question vectors that came with a call; see `QuestionVectors.offer`."""
        if self._vectors is not None:
            self._vectors.offer(vectors)

    def likeness(self, question: str, others: Sequence[str]) -> list[float | None]:
        """Return how alike other questions are to one; see `QuestionVectors.likeness`."""
        if self._vectors is None:
            return [None] * len(others)
        return self._vectors.likeness(question, others)

    async def find_notice(self, question: str, notices: Sequence[Notice]) -> Notice | None:
        """Return the known problem that a question is about; raises `KnowledgeMissing`."""
        return await asyncio.to_thread(self._find_notice, question, notices) if notices else None

    async def knows_error_code(self, code: str) -> bool:
        """Tell whether any article, in any language, mentions the error code."""
        return code in await asyncio.to_thread(self._error_codes)

    async def why_not_ready(self) -> str | None:
        """Return None when questions can be answered, else why not and what to run."""
        try:
            await asyncio.to_thread(self._current)
        except KnowledgeMissing as error:
            return str(error)
        return None

    def _embed_subjects(self, texts: Sequence[str]) -> FloatMatrix:
        assert self._vectors is not None  # noqa: S101 (opened before anything is compared)
        return self._vectors.embed_subjects(texts)

    def _search(self, text: str, locale: str, k: int) -> SearchResult:
        return self._current().search(text, locale=locale, k=k)

    def _find_in_article(self, text: str, article_id: str, locale: str) -> tuple[Hit | None, str]:
        retriever = self._current()
        return retriever.search_article(text, article_id, locale=locale), retriever.version

    def _find_notice(self, question: str, notices: Sequence[Notice]) -> Notice | None:
        self._current()
        return self._notices.find(question, notices)

    def _current(self) -> Retriever:
        with self._opening:
            if self._retriever is None:
                started = time.monotonic()
                try:
                    self._vectors = QuestionVectors(self._model_dir, self._rasa)
                    embedder = cast("Embedder", self._vectors)  # as far as the retriever uses one
                    self._retriever = Retriever.open(
                        self._kb_dir, embedder, target=self._wrong_answers
                    )
                except KbError as error:
                    raise KnowledgeMissing(str(error)) from error
                took = time.monotonic() - started
                logger.info("index %s opened in %.1f s", self._retriever.version, took)
        self._retriever.refresh_if_changed()
        return self._retriever

    def _error_codes(self) -> frozenset[str]:
        version = self._current().version
        if self._codes[0] != version:
            articles = (self._kb_dir / "versions" / version / "articles").glob("*/*.json")
            codes = (_ERROR_CODE.findall(file.read_text(encoding="utf-8")) for file in articles)
            self._codes = (version, frozenset(code for found in codes for code in found))
        return self._codes[1]
