"""Judges how a candidate understands phrases that it had not learned, and held-out words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from learning.candidates.gate import Reason, why_refused
from learning.candidates.phrases import compare_phrases, phrases_of
from learning.candidates.programs import Tell
from learning.candidates.rules import Rules, read_gate
from learning.candidates.trial import (
    FOLDS,
    QUICK_FOLDS,
    compare_cross_fits,
    compare_models,
    cross_fit,
    read_held_out,
    same_fitting,
)
from learning.candidates.understanding import Compared, compare, contradictions
from learning.cross_validation import Phrase, read_phrases
from learning.errors import TrainingFailed
from learning.training import Project

#: Phrases by which two models are timed, at the least: the held-out ones are often few.
TIMED = 200
#: Texts that a report names.
SHOWN = 100


async def judge_understanding(
    project: Project,
    *,
    base_project: Project,
    base: Path | None,
    candidate: Path,
    rules: Rules,
    folder: Path,
    tell: Tell,
    folds: int = FOLDS,
) -> dict[str, Any]:
    """Return `phrases` (what changed), `understanding`, `labels`, `latency` and changed texts.

    Args:
        project: The candidate's content.
        base_project: Content by which the base is fitted: its own, where that is still there.
        base: The model that serves; None: none does, so that nothing is compared.
        candidate: The candidate's model.
        rules: How sure a contradiction must be.
        folder: Where cross-fits are kept.
        tell: Told what happens.
        folds: Parts that the phrases are dealt to.

    Raises:
        InputBroken: the file of held-out texts has a fault.
        TrainingFailed: a model or the phrases cannot be used.
    """
    phrases = read_phrases(project.root / "data" / "nlu")
    before = phrases_of(base) if base else None
    changes = compare_phrases(before or phrases, phrases)
    understanding: dict[str, Any] = {}
    labels: dict[str, Any] = {"n": 0, "contradicted": 0, "examples": []}
    turned: list[dict[str, Any]] = []
    same_fit = before is not None and not changes.any and same_fitting(project, base_project)
    if not same_fit:
        after_fit = await cross_fit(project, phrases, folder=folder, tell=tell, folds=folds)
        before_fit = None
        if before:
            before_fit = await cross_fit(
                base_project, before, folder=folder, tell=tell, folds=folds
            )
        asked = compare_cross_fits(changes, before_fit, after_fit)
        understanding = {name: compare(rows) for name, rows in asked.items() if rows}
        against = contradictions(asked["new"], sure=rules.new_labels.sure)
        labels = {
            "n": len(asked["new"]),
            "contradicted": len(against),
            "examples": [_shown(one) for one in against[:SHOWN]],
        }
        turned = _turned(asked["known"])
    held_out = read_held_out(project.root)
    timed = _spread(phrases, max(0, TIMED - len(held_out)))
    asked_of_both = [*held_out, *timed]
    try:
        rows, latency = await compare_models(
            project, asked_of_both, base=base, candidate=candidate, tell=tell
        )
    except TrainingFailed:
        # A model of before a change of the components cannot be loaded beside one of after it.
        rows, latency = await compare_models(
            project, asked_of_both, base=None, candidate=candidate, tell=tell
        )
    if held_out:
        understanding["held_out"] = compare(rows[: len(held_out)])
        turned += _turned(rows[: len(held_out)])
    return {
        "phrases": changes.as_json() | {"known_before": before is not None},
        "understanding": understanding,
        "labels": labels,
        "turned": turned[:SHOWN],
        "latency": latency,
    }


async def judge_content(
    project: Project, *, base: Path | None, candidate: Path, tell: Tell
) -> list[Reason]:
    """Say what speaks against the model of a project's own content, as far as phrases tell.

    Raises:
        DataBroken: a fault in data/gate.yml.
        TrainingFailed: the candidate cannot be loaded, or the phrases cannot be fitted.
    """
    rules = read_gate(project.root / "data")
    folder = project.models.parent / "cache" / "crossfit"
    report = await judge_understanding(
        project,
        base_project=project,
        base=base,
        candidate=candidate,
        rules=rules,
        folder=folder,
        tell=tell,
        folds=QUICK_FOLDS,
    )
    return why_refused(report, rules)


def _turned(rows: list[Compared]) -> list[dict[str, Any]]:
    """Return the texts that one model understands and the other does not, the worse ones first."""
    worse = [one for one in rows if one.was_right and not one.is_right]
    better = [one for one in rows if one.is_right and not one.was_right and one.base]
    return [_shown(one) | {"verdict": "worse"} for one in worse] + [
        _shown(one) | {"verdict": "better"} for one in better
    ]


def _shown(one: Compared) -> dict[str, Any]:
    return {
        "text": one.text,
        "language": one.language,
        "intent": one.intent,
        "base": one.base.intent if one.base else None,
        "candidate": one.candidate.intent,
        "confidence": round(one.candidate.confidence, 3),
    }


def _spread(phrases: tuple[Phrase, ...], number: int) -> list[Phrase]:
    """Return so many phrases, taken evenly from all files."""
    step = max(1, len(phrases) // max(1, number))
    return list(phrases[::step])[:number]
