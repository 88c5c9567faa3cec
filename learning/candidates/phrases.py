"""What a model was trained on, kept beside it, and what another one was trained on instead."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learning.cross_validation import Phrase, read_phrases
from learning.training import phrases_file

#: Changed phrases that a report names.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Changes:
    """How the phrases of a candidate differ from those of the model it would replace.

    `kept` are the texts that both know under the same intent; `new` and `relabelled` carry the
    candidate's intent, `was` the intent that each relabelled text had.
    """

    kept: tuple[Phrase, ...]
    new: tuple[Phrase, ...]
    relabelled: tuple[Phrase, ...]
    removed: tuple[Phrase, ...]
    was: dict[str, str]

    @property
    def any(self) -> bool:
        """Whether there is any difference."""
        return bool(self.new or self.relabelled or self.removed)

    def as_json(self) -> dict[str, Any]:
        """Return counts, counts by intent, and the first examples."""
        by_intent = Counter(phrase.intent for phrase in (*self.new, *self.relabelled))
        return {
            "kept": len(self.kept),
            "added": len(self.new),
            "relabelled": len(self.relabelled),
            "removed": len(self.removed),
            "by_intent": dict(by_intent.most_common()),
            "examples": [_shown(one, "added") for one in self.new[:SHOWN]]
            + [
                _shown(one, "relabelled") | {"was": self.was[one.text]}
                for one in self.relabelled[:SHOWN]
            ]
            + [_shown(one, "removed") for one in self.removed[:SHOWN]],
        }


def note_phrases(root: Path, model: Path) -> None:
    """Write beside a model which phrases of `root` it was trained on, unless that is known."""
    file = phrases_file(model)
    if file.exists():
        return
    rows = [[one.text, one.intent, one.locale] for one in read_phrases(root / "data" / "nlu")]
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    beside.replace(file)


def phrases_of(model: Path) -> tuple[Phrase, ...] | None:
    """Return what a model was trained on; None: trained before that was noted."""
    try:
        rows = json.loads(phrases_file(model).read_text(encoding="utf-8"))
        return tuple(Phrase(str(text), str(intent), str(locale)) for text, intent, locale in rows)
    except (OSError, ValueError):
        return None


def compare_phrases(base: Sequence[Phrase], candidate: Sequence[Phrase]) -> Changes:
    """Say what changed, text by text; a text that stands under two intents has both."""
    before, after = _labels(base), _labels(candidate)
    places = {phrase.text: phrase for phrase in (*base, *candidate)}

    def phrase(text: str, labels: dict[str, set[str]]) -> Phrase:
        return Phrase(text, min(labels[text]), places[text].locale)

    same = [text for text in after if before.get(text) == after[text]]
    other = [text for text in after if text in before and before[text] != after[text]]
    return Changes(
        kept=tuple(phrase(text, after) for text in same),
        new=tuple(phrase(text, after) for text in after if text not in before),
        relabelled=tuple(
            Phrase(text, min(after[text] - before[text] or after[text]), places[text].locale)
            for text in other
        ),
        removed=tuple(phrase(text, before) for text in before if text not in after),
        was={text: min(before[text]) for text in other},
    )


def _labels(phrases: Sequence[Phrase]) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = {}
    for phrase in phrases:
        labels.setdefault(phrase.text, set()).add(phrase.intent)
    return labels


def _shown(phrase: Phrase, what: str) -> dict[str, Any]:
    return {
        "change": what,
        "text": phrase.text,
        "intent": phrase.intent,
        "language": phrase.locale,
    }
