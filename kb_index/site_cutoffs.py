"""What confidences mean on a site and which cut-offs it uses, read again when measured anew."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from kb_index.calibration import FILE_NAME, Calibration, load_calibration
from kb_index.confidence import Confidence
from kb_index.cutoffs import TARGET, Cutoffs
from kb_index.errors import CalibrationBroken
from kb_index.searching import Hit

logger = logging.getLogger(__name__)


class SiteCutoffs:
    """Cut-offs by locale for one target; safe to share between threads."""

    def __init__(self, kb_dir: Path | None, *, target: float = TARGET) -> None:
        """Read the site's own calibration; the one that comes with Baton if it has none.

        Raises:
            CalibrationBroken: the site's file cannot be used.
        """
        self._kb_dir = kb_dir
        self._target = target
        self._stamp = self._find_stamp()
        self._calibration = load_calibration(kb_dir)
        self._chosen: dict[str, Cutoffs] = {}

    @property
    def fingerprint(self) -> str:
        """Names all that decisions depend on, besides the index."""
        return f"{self._calibration.fingerprint()}-{self._target}"

    @property
    def calibration(self) -> Calibration:
        """The calibration in use."""
        return self._calibration

    def of(self, locale: str) -> Cutoffs:
        """Return the cut-offs of a locale."""
        chosen = self._chosen.get(locale)
        if chosen is None:
            chosen = self._calibration.of(locale).cutoffs(target=self._target)
            self._chosen[locale] = chosen
        return chosen

    def scaled(self, hit: Hit, *, locale: str) -> Hit:
        """Return a hit for a question in `locale` with the confidence that it means here."""
        found = Confidence(covered=hit.covered, right=hit.confidence)
        meant = self._calibration.of(locale).scaled(found)
        return replace(hit, covered=meant.covered, confidence=meant.right)

    def refresh_if_changed(self) -> None:
        """Read the calibration again if its file was replaced; one that is broken is not used."""
        stamp = self._find_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._calibration, self._chosen = load_calibration(self._kb_dir), {}
        except CalibrationBroken as error:
            logger.warning("cut-offs stay as they are: %s", error)

    def _find_stamp(self) -> int | None:
        if self._kb_dir is None:
            return None
        try:
            return (self._kb_dir / FILE_NAME).stat().st_mtime_ns
        except FileNotFoundError:
            return None
