"""Writes the page from what was measured."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kb_index.evaluation import Evaluation
from kb_index.report.plots import confidence_histogram, reliability_plot, risk_coverage_plot
from kb_index.report.worst import find_worst

#: Name of the page in its folder.
FILE_NAME = "index.html"

#: What the locales are called on the page.
_NAMES = {
    "en": "English",
    "zh-Hans": "Chinese, simplified",
    "zh-Hant": "Chinese, traditional",
    "ru": "Russian",
    "ko": "Korean",
}


def write_report(
    folder: Path,
    evaluations: Sequence[Evaluation],
    *,
    today: date,
    title: str,
    comparison: Mapping[str, Mapping[str, Mapping[str, float | None]]] | None = None,
) -> Path:
    """Write the page of one evaluation a locale into `folder`, which is made if need be.

    Args:
        folder: where to write.
        evaluations: of different locales, in the order of the page.
        today: date on the page.
        title: what was measured.
        comparison: measures by name, of each kind of evidence by name, of each locale.

    Returns:
        The page's path.

    Raises:
        OSError: it cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("kb_index.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "number": _number}
    text = environment.get_template("report.html").render(
        title=title,
        today=today.isoformat(),
        sections=[_section(one) for one in evaluations],
        comparison=comparison or {},
        names=_NAMES,
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
    return path


def _section(evaluation: Evaluation) -> dict[str, Any]:
    judged = evaluation.judged()
    return {
        "locale": evaluation.locale,
        "summary": evaluation.summary(),
        "titles": evaluation.titles,
        "worst": find_worst(evaluation.calibrated or evaluation.answered),
        "plots": [
            ("Risk and coverage", risk_coverage_plot(judged, cut=evaluation.cut)),
            ("Reliability", reliability_plot(judged)),
            ("Confidence", confidence_histogram(judged, cut=evaluation.cut)),
        ],
    }


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
