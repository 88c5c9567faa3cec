"""Keeps what confidences mean on a site, and the curves that its cut-offs are chosen from."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from kb_index.confidence import FORMULA, Confidence
from kb_index.cutoffs import TARGET, Curve, Cutoffs, Point, choose_cutoffs
from kb_index.errors import CalibrationBroken

#: Name of a site's own file, beside its versions.
FILE_NAME = "calibration.json"
#: Curves of help centres that are not the site's (docs/benchmarks.md tells which, and how drawn).
_SHIPPED = Path(__file__).with_name(FILE_NAME)
#: The next probabilities to 0 and 1 that have a logit.
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns the formula's probability into the site's: 1 / (1 + exp(-(slope · logit(p) + shift))).

    (Platt, Probabilistic Outputs for Support Vector Machines, 1999.)
    """

    slope: float = 1.0
    shift: float = 0.0

    def apply(self, probability: float) -> float:
        """Return the site's probability, 0 to 1."""
        return 1 / (1 + math.exp(-(self.slope * logit(probability) + self.shift)))


def logit(probability: float) -> float:
    """Return ln(p / (1 - p)), of the nearest probability that has one."""
    inside = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a probability of the formula means: its scale, and the curve of what came of it."""

    curve: Curve
    scale: Scale = Scale()


@dataclass(frozen=True, slots=True)
class LocaleCalibration:
    """What is known of a locale: of the first article, and of lists of articles to choose from."""

    answers: Measured
    lists: Measured

    def cutoffs(self, *, target: float) -> Cutoffs:
        """Choose cut-offs; `target` is the share of answers that may be wrong, 0 to 1."""
        return choose_cutoffs(self.answers.curve, self.lists.curve, target=target)

    def scaled(self, confidence: Confidence) -> Confidence:
        """Return what the formula's confidence means here."""
        return Confidence(
            covered=self.lists.scale.apply(confidence.covered),
            right=self.answers.scale.apply(confidence.right),
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of each locale; `source` says from which questions."""

    locales: Mapping[str, LocaleCalibration]
    source: str

    def of(self, locale: str) -> LocaleCalibration:
        """Return what is known of a locale; of the most careful other one if nothing is."""
        known = self.locales.get(locale)
        if known is not None:
            return known
        return max(self.locales.values(), key=lambda one: one.cutoffs(target=TARGET).answer)

    def fingerprint(self) -> str:
        """Name what it says: 16 hexadecimal digits."""
        return hashlib.sha256(self._as_json().encode()).hexdigest()[:16]

    def write(self, path: Path) -> None:
        """Write it, in one step."""
        beside = path.with_name(f".{path.name}")
        beside.write_text(self._as_json() + "\n", encoding="utf-8")
        beside.replace(path)

    def _as_json(self) -> str:
        locales = {
            locale: {"answers": _dump(one.answers), "lists": _dump(one.lists)}
            for locale, one in self.locales.items()
        }
        raw = {"formula": FORMULA, "source": self.source, "locales": locales}
        return json.dumps(raw, ensure_ascii=False)


def load_calibration(kb_dir: Path | None) -> Calibration:
    """Load the site's own calibration from its folder; the one that comes with Baton without one.

    Raises:
        CalibrationBroken: the site's file cannot be used.
    """
    own = _read(kb_dir / FILE_NAME) if kb_dir and is_calibrated(kb_dir) else None
    return own or _read(_SHIPPED)


def is_calibrated(kb_dir: Path) -> bool:
    """Tell whether a site has a calibration of its own, made for today's formula.

    Raises:
        CalibrationBroken: its file cannot be used.
    """
    path = kb_dir / FILE_NAME
    return path.is_file() and _parse_file(path).get("formula") == FORMULA


def _parse_file(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return dict(raw)
    except (OSError, ValueError, TypeError) as error:
        raise CalibrationBroken(str(path), repr(error)) from error


def _read(path: Path) -> Calibration:
    raw = _parse_file(path)
    try:
        locales = {
            str(locale): LocaleCalibration(_parse(one["answers"]), _parse(one["lists"]))
            for locale, one in raw["locales"].items()
        }
        if not locales:
            raise ValueError("no locales")
        return Calibration(locales, str(raw["source"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CalibrationBroken(str(path), repr(error)) from error


def _dump(measured: Measured) -> dict[str, Any]:
    return {
        "scale": astuple(measured.scale),
        "answerable": measured.curve.answerable,
        "points": [astuple(point) for point in measured.curve.points],
    }


def _parse(raw: Mapping[str, Any]) -> Measured:
    slope, shift = raw["scale"]
    points = [
        Point(float(cut), int(asked), int(answerable), int(right), float(expected))
        for cut, asked, answerable, right, expected in raw["points"]
    ]
    scale = Scale(float(slope), float(shift))
    return Measured(Curve(tuple(points), int(raw["answerable"])), scale)
