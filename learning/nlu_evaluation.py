"""Measure intent recognition on any labelled texts, through Rasa and the project's pipeline."""

from __future__ import annotations

import csv
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from learning import metrics
from learning.errors import InputBroken, TrainingFailed
from learning.training import Project, run_in_rasa

#: What the project calls out-of-scope phrases; files call them `oos`.
OUT_OF_SCOPE = "out_of_scope"
#: Intents that mean "not one of ours" in what Rasa answers.
REFUSED = frozenset({OUT_OF_SCOPE, "nlu_fallback", "other_language"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and its intent (`oos`: out of scope), and its language ("": not said)."""

    text: str
    intent: str
    language: str = ""


def read_labelled(file: Path) -> list[Labelled]:
    """Read a CSV with the columns `text` (or `utterance`), `intent`, perhaps `language`.

    Raises:
        InputBroken: names the file and the row at fault.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputBroken(f"{file}: cannot be read as CSV in UTF-8 ({error})") from error
    columns = set(rows[0]) if rows else set()
    text = "text" if "text" in columns else "utterance"
    if not {text, "intent"} <= columns:
        raise InputBroken(f"{file}: needs a header with the columns text,intent and rows below it")
    labelled: list[Labelled] = []
    for number, row in enumerate(rows, start=2):
        if not (row[text] or "").strip() or not (row["intent"] or "").strip():
            raise InputBroken(f"{file}: row {number} lacks a text or an intent")
        intent = row["intent"].strip()
        label = metrics.OOS if intent in REFUSED else intent
        language = (row.get("language") or "").strip()
        labelled.append(Labelled(row[text].strip(), label, language))
    return labelled


def evaluate(
    project: Project,
    training: Sequence[Labelled],
    test: Sequence[Labelled],
    *,
    locale: str | None,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Train on `training` in a folder of its own, understand `test`, and measure.

    Returns:
        accuracy_in_scope, macro_f1, oos_recall, oos_precision, oos_auroc (shares 0..1, None where
        the test holds no such texts), by_language (accuracy_in_scope of each language that the
        test names, if it does), train_s (seconds, all of `python -m bot.train`), predict_ms
        ({"p50", "p95"} per text).

    Raises:
        InputBroken: fewer than two intents to train.
        TrainingFailed: Rasa refused; the message holds its words.
    """
    if len({example.intent for example in training}) < 2:
        raise InputBroken("the training file holds fewer than two intents: nothing to tell apart")
    with tempfile.TemporaryDirectory(prefix="baton-nlu-") as folder:
        temporary = Path(folder)
        model = temporary / "model.tar.gz"
        command = _write_project(project, training, temporary, model)
        started = time.monotonic()
        run_in_rasa(project, command, say=say, cache=temporary / "cache")
        train_s = time.monotonic() - started
        parsed = _parse(project, model, test, locale=locale)
    gold = [example.intent for example in test]
    names = [metrics.OOS if p["intent"] in REFUSED else str(p["intent"]) for p in parsed]
    scores = [
        1.0 if p["intent"] == OUT_OF_SCOPE else 1.0 - float(p["scope_confidence"]) for p in parsed
    ]
    times = [float(p["ms"]) for p in parsed]
    languages = sorted({example.language for example in test} - {""})
    return {
        "accuracy_in_scope": _rounded(metrics.accuracy_in_scope(gold, names)),
        **({"by_language": _by_language(test, names, languages)} if languages else {}),
        "macro_f1": _rounded(metrics.macro_f1(gold, names)),
        "oos_recall": _rounded(metrics.oos_recall(gold, names)),
        "oos_precision": _rounded(metrics.oos_precision(gold, names)),
        "oos_auroc": _rounded(metrics.oos_auroc(gold, scores)),
        "train_s": round(train_s, 1),
        "predict_ms": {
            "p50": round(metrics.percentile(times, 0.5), 2),
            "p95": round(metrics.percentile(times, 0.95), 2),
        },
    }


def _write_project(
    project: Project, training: Sequence[Labelled], folder: Path, model: Path
) -> list[str]:
    """Write the least Rasa project that holds the phrases; returns the command that trains it."""
    names = sorted({_rasa_name(example.intent) for example in training})
    domain = {"version": "3.1", "intents": names, "entities": ["language"]}
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True), "utf-8")
    # JSON, not YAML: a text may hold brackets, quotes and leading dashes, and is taken as it is.
    examples = [{"text": e.text, "intent": _rasa_name(e.intent)} for e in training]
    content = {"rasa_nlu_data": {"common_examples": examples}}
    (folder / "nlu.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return [
        *(str(project.rasa_python), "-m", "bot.train", "--nlu-only"),
        *("--config", str(project.root / "config.yml")),
        *("--domain", str(folder / "domain.yml"), "--data", str(folder / "nlu.json")),
        *("--out", str(model)),
    ]


def _parse(
    project: Project, model: Path, test: Sequence[Labelled], *, locale: str | None
) -> list[dict[str, Any]]:
    lines = "\n".join(
        json.dumps({"text": e.text, "locale": locale or e.language or None}) for e in test
    )
    result = subprocess.run(  # noqa: S603 (our own program)
        [str(project.rasa_python), "-m", "bot.parse", "--model", str(model)],
        cwd=project.root,
        env=project.environment(),
        input=lines,
        stdout=subprocess.PIPE,
        check=False,
        text=True,
        encoding="utf-8",
    )
    if result.returncode:
        raise TrainingFailed("the trained model could not be loaded; the lines above say why")
    return [json.loads(line) for line in result.stdout.splitlines()]


def _by_language(
    test: Sequence[Labelled], names: Sequence[str], languages: Sequence[str]
) -> dict[str, float | None]:
    accuracies = {}
    for language in languages:
        own = [(e.intent, n) for e, n in zip(test, names, strict=True) if e.language == language]
        gold, predicted = zip(*own, strict=True)
        accuracies[language] = _rounded(metrics.accuracy_in_scope(gold, predicted))
    return accuracies


def _rasa_name(intent: str) -> str:
    return OUT_OF_SCOPE if intent == metrics.OOS else intent


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
