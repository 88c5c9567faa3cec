"""Tries two sets of phrases and two models on texts that neither has learned."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb_index.model_settings import read_settings
from learning.candidates.phrases import Changes
from learning.candidates.programs import Tell, run_program
from learning.candidates.statistics import median
from learning.candidates.understanding import Compared, Understood
from learning.cross_validation import Phrase
from learning.errors import InputBroken
from learning.training import Project

#: Parts that the phrases are dealt to; each is asked of a model fitted to the others.
FOLDS = 5
#: The same where somebody waits: each fit knows half of the phrases, and both sides are cut alike.
QUICK_FOLDS = 2
#: Cross-fits that are kept, the last used.
KEPT = 6
#: What decides, beside the phrases, how intents are fitted.
_FITTING = ("config.yml", "bot/crossfit.py", "bot/components")
#: Where the texts lie that reviewers settled and nothing is trained on.
HELD_OUT = Path("data/learned/held_out.jsonl")


async def cross_fit(
    project: Project,
    phrases: Sequence[Phrase],
    *,
    folder: Path,
    tell: Tell,
    folds: int = FOLDS,
) -> dict[str, Understood]:
    """Return what each text is taken for by a model fitted to the phrases of the other folds.

    What was made for the same phrases before is found again, fold by fold.

    Raises:
        TrainingFailed: the phrases cannot be fitted.
    """
    lines = "".join(
        json.dumps({"text": text, "intent": intent}, ensure_ascii=False) + "\n"
        for text, intent in sorted({(one.text, one.intent) for one in phrases})
    )
    out = folder / _fingerprint(project, f"{folds}\0{lines}")
    out.mkdir(parents=True, exist_ok=True)
    source = out / "phrases.jsonl"
    source.write_text(lines, encoding="utf-8")
    await run_program(
        project,
        [
            *("-m", "bot.crossfit", "--phrases", str(source), "--out", str(out)),
            *("--config", str(project.root / "config.yml"), "--folds", str(folds)),
        ],
        tell=tell,
    )
    _forget_old(folder, out)
    return {
        row["text"]: _understood(row | {"intent": row["predicted"]})
        for number in range(folds)
        for row in json.loads((out / f"fold-{number}.json").read_text(encoding="utf-8"))
    }


def compare_cross_fits(
    changes: Changes, base: dict[str, Understood] | None, candidate: dict[str, Understood]
) -> dict[str, list[Compared]]:
    """Return both answers to what is kept, and to what is new or has another intent now."""

    def compared(phrases: Sequence[Phrase]) -> list[Compared]:
        return [
            Compared(one.text, one.intent, one.locale, (base or {}).get(one.text), found)
            for one in phrases
            if (found := candidate.get(one.text)) is not None
        ]

    return {"known": compared(changes.kept), "new": compared((*changes.new, *changes.relabelled))}


def read_held_out(root: Path) -> list[Phrase]:
    """Return the texts that reviewers settled and nothing is trained on; none without the file.

    Raises:
        InputBroken: names the line at fault.
    """
    file = root / HELD_OUT
    if not file.exists():
        return []
    found: dict[str, Phrase] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            phrase = Phrase(str(row["text"]), str(row["intent"]), str(row.get("language") or ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputBroken(
                f"{file}:{number}: expected an object of text, intent and language. "
                "Remedy: correct the line, or take it out"
            ) from None
        found[phrase.text] = phrase
    return list(found.values())


async def compare_models(
    project: Project,
    phrases: Sequence[Phrase],
    *,
    base: Path | None,
    candidate: Path,
    tell: Tell,
) -> tuple[list[Compared], dict[str, Any]]:
    """Ask both models all texts, one after the other; return their answers and the times they took.

    Times are per text, in ms, without that of the text's vector: {"texts", "base", "candidate",
    "ratio"} of medians.

    Raises:
        TrainingFailed: a model cannot be loaded.
    """
    models = [candidate, *([base] if base else [])]
    lines = "\n".join(json.dumps({"text": one.text, "locale": one.locale}) for one in phrases)
    answers = await run_program(
        project,
        ["-m", "bot.versus", *(part for model in models for part in ("--model", str(model)))],
        tell=tell,
        stdin=lines.encode(),
    )
    rows = [
        Compared(
            phrase.text,
            phrase.intent,
            phrase.locale,
            _understood(answer[1]) if base else None,
            _understood(answer[0]),
        )
        for phrase, answer in zip(phrases, answers, strict=True)
    ]
    return rows, _times(answers)


def _times(answers: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    if not answers:
        return {"texts": 0, "base": None, "candidate": None, "ratio": None}
    new = median([float(answer[0]["ms"]) for answer in answers])
    old = median([float(answer[1]["ms"]) for answer in answers]) if len(answers[0]) > 1 else None
    return {
        "texts": len(answers),
        "base": old and round(old, 3),
        "candidate": round(new, 3),
        "ratio": round(new / old, 3) if old else None,
    }


def _understood(row: dict[str, Any]) -> Understood:
    return Understood(str(row["intent"]), float(row["confidence"]), float(row["scope_confidence"]))


def same_fitting(one: Project, other: Project) -> bool:
    """Whether two projects make the same of the same phrases."""
    return _fingerprint(one, "") == _fingerprint(other, "")


def _fingerprint(project: Project, lines: str) -> str:
    digest = hashlib.sha256(read_settings(project.model_dir).fingerprint.encode())
    digest.update(f"{lines}\0".encode())
    for name in _FITTING:
        path = project.root / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _forget_old(folder: Path, used: Path) -> None:
    used.touch()
    others = sorted(folder.iterdir(), key=lambda one: -one.stat().st_mtime)
    for old in others[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
