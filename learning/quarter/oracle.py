"""The reviewer of a simulated quarter: knows what customers meant, and is wrong now and then."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from learning.metrics import OOS
from learning.quarter.bot import intent_name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reviewer says of a group of phrases."""

    verdict: str  #: right, intent, new_intent or ignore
    intent: str | None = None
    without: tuple[int, ...] = ()  #: phrases of the group that do not belong to it


@dataclass(slots=True)
class Oracle:
    """Answers for groups of phrases.

    `meant`: phrase's text → label. `mistaken`: the share of answers that name another intent.
    `swapped`: labels that are taken for each other, a bad week.
    """

    meant: Mapping[str, str]
    draw: random.Random
    mistaken: float = 0.0
    swapped: Mapping[str, str] = field(default_factory=dict)

    def review(self, phrases: Sequence[tuple[int, str]], known: set[str]) -> Verdict:
        """Return the verdict on a group: id and text of each phrase, the example first.

        A reviewer sees the example and takes out what does not mean the same.
        """
        labels = {phrase_id: self._label(text) for phrase_id, text in phrases}
        label = labels[phrases[0][0]]
        without = tuple(phrase_id for phrase_id, _ in phrases[1:] if labels[phrase_id] != label)
        if label == OOS:
            return Verdict("ignore", None, without)
        name = intent_name(label)
        if self.mistaken and self.draw.random() < self.mistaken:
            name = self.draw.choice(sorted(known))
        return Verdict("intent" if name in known else "new_intent", name, without)

    def _label(self, text: str) -> str:
        label = self.meant.get(text, OOS)
        return self.swapped.get(label, label)
