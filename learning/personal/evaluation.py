"""Measures masking on sentences in which all that tells of a person is labelled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from learning.errors import InputBroken
from learning.personal.masking import mask
from learning.personal.spans import KINDS, Span

#: Patterns are looked over on one half of the sentences, and judged on the other.
HALVES = ("tune", "held")
#: What each language must reach on each half. Recall comes first: what is missed, leaks; what is
#: masked wrongly is a phrase less to learn from.
LEAST_RECALL, LEAST_PRECISION = 0.85, 0.95
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and what of it tells of a person."""

    text: str
    spans: Sequence[Span]
    half: str


@dataclass(slots=True)
class Counts:
    """What was labelled and how much of it was found; what was masked and how much rightly.

    A label counts as found when every letter and digit of it is masked, as whatever kind; a mark is
    right when most of what it hides is labelled.
    """

    labelled: int = 0
    found: int = 0
    masked: int = 0
    right: int = 0

    @property
    def recall(self) -> float | None:
        """Found of labelled, 0..1; None without any."""
        return self.found / self.labelled if self.labelled else None

    @property
    def precision(self) -> float | None:
        """Right of masked, 0..1; None without any."""
        return self.right / self.masked if self.masked else None

    def add(self, other: Counts) -> None:
        """Count what `other` counts, too."""
        self.labelled += other.labelled
        self.found += other.found
        self.masked += other.masked
        self.right += other.right

    def to_json(self) -> dict[str, Any]:
        """Return counts and rates."""
        return asdict(self) | {"recall": self.recall, "precision": self.precision}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A label that was not masked whole, or a mark where nothing is labelled."""

    text: str
    kind: str
    words: str
    how: str  #: missed or wrong


def read_sentences(file: Path) -> list[Sentence]:
    """Read lines of text, spans (start, end, kind) and half.

    Raises:
        InputBroken: the file or a line of it cannot be used; the text names it.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputBroken(f"{file}: {error}") from error
    sentences = []
    for number, line in enumerate(lines, start=1):
        try:
            raw = json.loads(line)
            spans = [Span(int(s["start"]), int(s["end"]), s["kind"]) for s in raw["spans"]]
            sentence = Sentence(raw["text"], spans, raw["half"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputBroken(f"{file}:{number}: no sentence with spans: {error}") from error
        if sentence.half not in HALVES or any(
            span.kind not in KINDS or not 0 <= span.start < span.end <= len(sentence.text)
            for span in spans
        ):
            raise InputBroken(f"{file}:{number}: a half, kind or place that there is not")
        sentences.append(sentence)
    return sentences


def measure(
    sentences: Iterable[Sentence], *, language: str
) -> tuple[dict[str, Counts], list[Mistake]]:
    """Mask sentences; return counts by kind and what went wrong."""
    counts = {kind: Counts() for kind in KINDS}
    mistakes: list[Mistake] = []
    for sentence in sentences:
        masked = mask(sentence.text, language=language).spans
        hidden, labelled = _places(masked), _places(sentence.spans)
        for span in sentence.spans:
            told = _telling(sentence.text, span)
            counts[span.kind].labelled += 1
            if told <= hidden:
                counts[span.kind].found += 1
            else:
                mistakes.append(_mistake(sentence.text, span, "missed"))
        for span in masked:
            told = _telling(sentence.text, span)
            counts[span.kind].masked += 1
            if 2 * len(told & labelled) > len(told):
                counts[span.kind].right += 1
            else:
                mistakes.append(_mistake(sentence.text, span, "wrong"))
    return counts, mistakes


def evaluate(folder: Path) -> dict[str, Any]:
    """Measure every language on both halves.

    Args:
        folder: Of one file a language, as `read_sentences` reads them.

    Returns:
        `languages`: locale → half → sentences, all (counts and rates), kinds (the same by kind);
        `mistakes`: what went wrong in the half that patterns may be looked over on.

    Raises:
        InputBroken: a file cannot be used.
    """
    languages: dict[str, Any] = {}
    seen: list[dict[str, str]] = []
    for locale in LOCALES:
        sentences = read_sentences(folder / f"{locale}.jsonl")
        languages[locale] = {}
        for half in HALVES:
            chosen = [sentence for sentence in sentences if sentence.half == half]
            counts, mistakes = measure(chosen, language=locale)
            whole = Counts()
            for each in counts.values():
                whole.add(each)
            languages[locale][half] = {
                "sentences": len(chosen),
                "all": whole.to_json(),
                "kinds": {
                    kind: each.to_json()
                    for kind, each in counts.items()
                    if each.labelled or each.masked
                },
            }
            if half == "tune":
                seen += [{"language": locale} | asdict(mistake) for mistake in mistakes]
    return {"languages": languages, "mistakes": seen}


def _places(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def _telling(text: str, span: Span) -> set[int]:
    return {place for place in range(span.start, span.end) if text[place].isalnum()}


def _mistake(text: str, span: Span, how: str) -> Mistake:
    return Mistake(text, span.kind, text[span.start : span.end], how)


def below_bar(found: dict[str, Any]) -> list[str]:
    """Return a line for each language and half that does not reach the bar."""
    return [
        f"{locale}, {half}: recall {measured['all']['recall'] or 0:.3f} (at least {LEAST_RECALL}), "
        f"precision {measured['all']['precision'] or 0:.3f} (at least {LEAST_PRECISION})"
        for locale, halves in found["languages"].items()
        for half, measured in halves.items()
        if (measured["all"]["recall"] or 0) < LEAST_RECALL
        or (measured["all"]["precision"] or 0) < LEAST_PRECISION
    ]


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    """Yield a table for people: a language and half a line, then its kinds."""
    yield f"{'':9}{'half':6}{'kind':9}{'recall':>16}{'precision':>18}"
    for locale, halves in found["languages"].items():
        for half, measured in halves.items():
            rows = {"all": measured["all"], **measured["kinds"]}
            for kind, counts in rows.items():
                recall = _rate(counts["found"], counts["labelled"])
                precision = _rate(counts["right"], counts["masked"])
                yield f"{locale:9}{half:6}{kind:9}{recall:>16}{precision:>18}"


def _rate(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part}/{whole})" if whole else "-"
