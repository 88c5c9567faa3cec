"""`baton kb calibrate`: choose from which confidence on Baton answers on this site."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from baton.commands import releasing
from baton.commands.folders import data_option, eval_option, model_dir
from kb_index.errors import KbError

if TYPE_CHECKING:
    from kb_index.calibration import Calibration
    from kb_index.cutoffs import Curve
    from kb_index.embedding import Embedder
    from kb_index.golden import GoldenQuestion


@click.command("calibrate")
@eval_option
@click.option(
    "--target",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Share of answers that may be wrong, for the cut-offs that are shown.",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(eval_dir: Path, data_dir: Path, *, target: float, as_json: bool) -> None:
    """Ask the live index the golden questions, and measure what its confidences mean.

    A running Baton uses the result from the next question on. The share of answers that may be
    wrong is the setting BATON_WRONG_ANSWERS.
    """
    try:
        questions = releasing.find_questions(eval_dir, eval_dir)
        load_embedder = releasing.embedder_loader(data_dir)
        calibration = calibrate_live(data_dir, questions, load_embedder=load_embedder)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    if calibration is None:
        raise click.ClickException(too_few())
    result = {
        "source": calibration.source,
        "target": target,
        "locales": {
            locale: _describe(calibration, locale, target=target) for locale in calibration.locales
        },
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"from {calibration.source}; {target:.0%} of answers may be wrong")
    for locale, found in cast("dict[str, dict[str, Any]]", result["locales"]).items():
        click.echo(
            f"{locale:8} answers from {found['answer_from']}, asks back from "
            f"{found['clarify_from']}: answers {found['coverage']:.0%} of what it could, "
            f"{found['wrong']} of {found['answered']} wrong"
        )


def calibrate_once(
    data_dir: Path,
    find_questions: Callable[[], Sequence[GoldenQuestion]],
    *,
    load_embedder: Callable[[], Embedder],
) -> None:
    """Calibrate the live index if the site has golden questions and no calibration yet."""
    from kb_index.calibration import is_calibrated

    if is_calibrated(data_dir / "kb"):
        return
    calibration = calibrate_live(data_dir, find_questions(), load_embedder=load_embedder)
    if calibration is not None:
        click.echo(f"cut-offs chosen from {calibration.source}", err=True)


def calibrate_live(
    data_dir: Path,
    questions: Sequence[GoldenQuestion],
    *,
    load_embedder: Callable[[], Embedder],
) -> Calibration | None:
    """Calibrate the live index and keep the result; None when there are too few questions."""
    from kb_index import versions
    from kb_index.calibrating import calibrate
    from kb_index.calibration import FILE_NAME
    from kb_index.kept_vectors import KeptVectors
    from kb_index.model_settings import read_settings
    from kb_index.searching import IndexVersion

    if not questions:
        return None
    kb_dir, model = data_dir / "kb", read_settings(model_dir(data_dir))
    vectors = KeptVectors(kb_dir, model, load_embedder=load_embedder)
    vectors.embed_queries([question.text for question in questions])  # at once, with all cores
    index = IndexVersion.open(kb_dir, versions.live_version(kb_dir), model=model)
    # kept vectors serve in place of an embedder, as far as a retriever uses one
    calibration = calibrate(index, questions, embedder=cast("Embedder", vectors))
    vectors.save()
    if calibration is not None:
        calibration.write(kb_dir / FILE_NAME)
    return calibration


def too_few() -> str:
    """Say what is missing for a calibration."""
    from kb_index.calibrating import LEAST_ANSWERABLE, LEAST_QUESTIONS, LEAST_UNANSWERABLE

    return (
        f"too few golden questions: a locale needs {LEAST_QUESTIONS}, of them {LEAST_ANSWERABLE} "
        f"with an article that answers and {LEAST_UNANSWERABLE} without; add some and try again"
    )


def _describe(calibration: Calibration, locale: str, *, target: float) -> dict[str, Any]:
    known = calibration.locales[locale]
    cutoffs = known.cutoffs(target=target)
    return {
        "answer_from": round(cutoffs.answer, 3),
        "clarify_from": round(cutoffs.clarify, 3),
        **_at(known.answers.curve, cutoffs.answer),
        "curve": [
            {"cut": round(point.cut, 4), **_at(known.answers.curve, point.cut)}
            for point in known.answers.curve.points
        ],
    }


def _at(curve: Curve, cut: float) -> dict[str, Any]:
    """Say what comes of answering from a cut-off on."""
    points = [point for point in curve.points if point.cut >= cut]
    if not points:
        return {"answered": 0, "wrong": 0, "coverage": 0.0}
    last = points[-1]
    return {
        "answered": last.asked,
        "wrong": last.asked - last.right,
        "coverage": round(curve.coverage(last), 4),
    }
