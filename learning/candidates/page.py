"""Writes what was found of a candidate as one page: no script, and nothing that it loads."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from handoff_service.archive.database import Database
from handoff_service.archive.learning.candidates import candidates_without_page, set_page
from kb_index.report.svg import Plot, legend

#: Shades of the confusion matrix.
SHADES = 9
#: Intents that the matrix shows at most: those with the most mistakes.
MATRIX = 24
#: Phrases that a list shows at most.
SHOWN = 40

_NAMES = {
    "en": "English",
    "zh-Hans": "Chinese, simplified",
    "zh-Hant": "Chinese, traditional",
    "ru": "Russian",
    "ko": "Korean",
    "": "not said",
}
#: The sets of texts, in the order of the page.
_SETS = (
    ("known", "Phrases known before", "Each asked of models that had not learned it."),
    ("new", "New and relabelled phrases", "Each asked of a model that had not learned it."),
    ("held_out", "Customers' words held out", "Settled by reviewers; nothing is trained on them."),
)


def write_page(report: dict[str, Any]) -> str:
    """Return the page of a report, as `candidate.run` makes it."""
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("learning.candidates"), PackageLoader("kb_index.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": _percent,
        "signed": _signed,
        "time": _time,
        "language": _language,
    }
    understanding = report["understanding"]
    return environment.get_template("candidate.html").render(
        report=report,
        shown=SHOWN,
        sets=[
            {
                "name": name,
                "title": title,
                "about": about,
                "found": understanding[name],
                "plot": _risk_plot(understanding[name]["risk"]),
                "matrix": _matrix(understanding[name]["confusion"]),
            }
            for name, title, about in _SETS
            if name in understanding
        ],
    )


async def refresh_pages(database: Database) -> int:
    """Write the pages again whose reports lost somebody's words; return how many."""
    stale = await candidates_without_page(database)
    for candidate_id, report in stale.items():
        page = await asyncio.to_thread(write_page, report)
        await set_page(database, candidate_id, page)
    return len(stale)


def _risk_plot(risk: dict[str, Any]) -> Markup:
    """Plot the share of wrong ones over the share of texts that are believed, the surest first."""
    curves = [(name, risk[name]) for name in ("base", "candidate") if risk[name]]
    top = max((y for _, one in curves for _, y in one["points"]), default=0.0)
    plot = Plot(
        "Risk and coverage",
        "How the share of misunderstood texts grows as less sure ones are believed too",
        "texts believed, the surest first",
        "misunderstood",
        y_end=max(0.05, top * 1.1),
    )
    for name, one in curves:
        plot.line([tuple(point) for point in one["points"]], name)
    meanings = {"base": "now", "candidate": "candidate"}
    shown = [(name, f"{meanings[name]}, area {one['area']:.4f}") for name, one in curves]
    return plot.render() + legend(shown)


def _matrix(confusion: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the matrix that holds mistakes, each cell with its shade 0..SHADES."""
    names, counts = confusion["intents"], confusion["counts"]
    size = range(len(names))
    wrong = [sum(counts[i][j] + counts[j][i] for j in size if j != i) for i in size]
    chosen = sorted(sorted(size, key=lambda i: (-wrong[i], names[i]))[:MATRIX])
    rows = []
    for i in chosen:
        whole = sum(counts[i]) or 1
        cells = [
            {
                "count": counts[i][j],
                "shade": min(SHADES, -(-counts[i][j] * SHADES // whole)),
                "right": i == j,
                "tip": f"{names[i]} taken for {names[j]}: {counts[i][j]} of {whole}",
            }
            for j in chosen
        ]
        rows.append({"name": names[i], "whole": whole, "cells": cells})
    return {"names": [names[i] for i in chosen], "rows": rows, "all": len(names)}


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:+.1f}"


def _language(name: str) -> str:
    return _NAMES.get(name, name)


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=timezone.utc):%Y-%m-%d %H:%M} UTC"
