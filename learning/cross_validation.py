"""Cross-validate the project's own phrases with `rasa test nlu`, and say what is taken for what."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from learning.errors import InputBroken
from learning.training import Project, run_in_rasa

#: Mistakes shown of an intent, and pairs of intents shown with examples.
SHOWN_MISTAKES = 3
SHOWN_PAIRS = 25
#: Examples shown of a pair.
SHOWN_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """A training phrase; `locale` is the `metadata: {language: …}` of its entry, "" without."""

    text: str
    intent: str
    locale: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A phrase that a model which had not seen it took for another intent."""

    phrase: Phrase
    predicted: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one intent; shares 0..1."""

    phrases: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """What a cross-validation found; every phrase was tested once."""

    folds: int
    phrases: tuple[Phrase, ...]
    scores: dict[str, Scores]  #: by intent
    mistakes: tuple[Mistake, ...]

    def accuracy(self, locale: str | None = None) -> float:
        """Return the share of phrases, of one language or of all, that were recognised."""
        tested = [p for p in self.phrases if locale in {None, p.locale}]
        wrong = [m for m in self.mistakes if locale in {None, m.phrase.locale}]
        return 1 - len(wrong) / len(tested)

    def locales(self) -> list[str]:
        """Return the languages of the phrases, in the order of the files."""
        return list(dict.fromkeys(phrase.locale for phrase in self.phrases))


def read_phrases(folder: Path) -> tuple[Phrase, ...]:
    """Return the phrases of the training files in `folder` (checked by `data_files` before)."""
    return tuple(
        Phrase(line[2:].strip(), entry["intent"], (entry.get("metadata") or {}).get("language", ""))
        for file in sorted(folder.rglob("*.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
        if line.strip()
    )


def cross_validate(project: Project, *, folds: int, say: Callable[[str], None]) -> CrossValidation:
    """Run `rasa test nlu --cross-validation` over data/nlu and read its reports.

    Raises:
        InputBroken: an intent has fewer phrases than there are folds.
        TrainingFailed: Rasa refused; the message holds its words.
    """
    phrases = read_phrases(project.root / "data" / "nlu")
    few = [name for name, n in Counter(p.intent for p in phrases).items() if n < folds]
    if few:
        raise InputBroken(f"fewer than {folds} phrases of {', '.join(few)}: use fewer --folds")
    with tempfile.TemporaryDirectory(prefix="baton-cv-") as folder:
        command = [
            *(str(project.rasa_python), "-m", "bot.cli", "test", "nlu", "--cross-validation"),
            *("--folds", str(folds), "--no-plot", "--config", str(project.root / "config.yml")),
            *("--domain", str(project.root / "bot" / "domain")),
            *("--nlu", str(project.root / "data" / "nlu"), "--out", folder),
        ]
        run_in_rasa(project, command, say=say, cache=Path(folder) / "cache")
        report = json.loads((Path(folder) / "intent_report.json").read_text("utf-8"))
        errors = Path(folder) / "intent_errors.json"  # not written when there are none
        wrong = json.loads(errors.read_text("utf-8")) if errors.exists() else []
    known = {(phrase.text, phrase.intent): phrase for phrase in phrases}
    mistakes = (
        (known.get((e["text"], e["intent"])), str(e["intent_prediction"]["name"])) for e in wrong
    )
    return CrossValidation(
        folds,
        phrases,
        dict(_scores(report, sorted({phrase.intent for phrase in phrases}))),
        tuple(Mistake(phrase, predicted) for phrase, predicted in mistakes if phrase),
    )


def as_markdown(result: CrossValidation) -> str:
    """Return the report as tables: by language, by intent, and what is taken for what."""
    return "\n".join(
        [
            *_table(
                ("language", "phrases", "recognised"),
                [
                    (name, sum(p.locale == name for p in result.phrases), _share(result, name))
                    for name in result.locales()
                ]
                + [("all", len(result.phrases), _share(result, None))],
            ),
            "",
            *_table(
                ("intent", "phrases", "precision", "recall", "F1", "taken for"),
                [
                    (
                        *(name, s.phrases, f"{s.precision:.2f}", f"{s.recall:.2f}", f"{s.f1:.2f}"),
                        ", ".join(f"{other} {n}" for other, n in _taken_for(result, name)),
                    )
                    for name, s in sorted(result.scores.items())
                ],
            ),
            "",
            *_table(("is", "taken for", "times", "such as"), list(_pairs(result))),
        ]
    )


def _scores(
    report: dict[str, dict[str, float]], intents: list[str]
) -> Iterator[tuple[str, Scores]]:
    for name in intents:
        found = report.get(name, {})
        yield (
            name,
            Scores(
                phrases=int(found.get("support", 0)),
                precision=float(found.get("precision", 0.0)),
                recall=float(found.get("recall", 0.0)),
                f1=float(found.get("f1-score", 0.0)),
            ),
        )


def _share(result: CrossValidation, locale: str | None) -> str:
    return f"{result.accuracy(locale):.3f}"


def _taken_for(result: CrossValidation, intent: str) -> list[tuple[str, int]]:
    others = Counter(m.predicted for m in result.mistakes if m.phrase.intent == intent)
    return others.most_common(SHOWN_MISTAKES)


def _pairs(result: CrossValidation) -> Iterator[tuple[object, ...]]:
    pairs = Counter((m.phrase.intent, m.predicted) for m in result.mistakes)
    for (intent, predicted), times in pairs.most_common(SHOWN_PAIRS):
        texts = [
            m.phrase.text
            for m in result.mistakes
            if (m.phrase.intent, m.predicted) == (intent, predicted)
        ]
        yield intent, predicted, times, " · ".join(texts[:: -(-len(texts) // SHOWN_EXAMPLES)])


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines]
