"""Who asks what in a simulated quarter: drawn from labelled texts, the same for everybody. Pure.

The bot begins with a few phrases of a third of the intents. Customers ask about all of them: a few
intents often and most seldom (Zipf's law), with a mix that drifts from week to week; some repeat
what others asked word for word, some ask about nothing of ours.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.errors import InputBroken
from learning.metrics import OOS
from learning.nlu_evaluation import Labelled

#: Intents with fewer texts than this have too little to learn, ask and test with.
LEAST_TEXTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large the quarter is."""

    weeks: int = 12
    customers: int = 400  #: a week
    known_share: float = 1 / 3  #: of the intents, at the beginning
    phrases: int = 8  #: of each known intent, at the beginning
    tested: int = 12  #: texts of each intent that are only ever tested on
    outside: float = 0.08  #: of the customers ask about nothing of ours
    repeated: float = 0.25  #: of the customers say what another one said


@dataclass(frozen=True, slots=True)
class World:
    """What the bot begins with, what it is tested on, and what is asked week by week."""

    begins_with: tuple[Labelled, ...]
    test: tuple[Labelled, ...]
    weeks: tuple[tuple[Labelled, ...], ...]

    @property
    def intents(self) -> tuple[str, ...]:
        """All that customers ask about."""
        return tuple(sorted({one.intent for one in self.test if one.intent != OOS}))

    @property
    def known(self) -> frozenset[str]:
        """What the bot knows at the beginning."""
        return frozenset(one.intent for one in self.begins_with if one.intent != OOS)


def make_world(
    labelled: Sequence[Labelled], outside: Sequence[Labelled], shape: Shape, *, seed: int
) -> World:
    """Return a quarter; the same seed gives the same one.

    Args:
        labelled: Texts with intents; those labelled `oos` count as `outside`.
        outside: Texts about nothing of ours, for customers and for the test.
        shape: How large.
        seed: Of everything that is drawn.

    Raises:
        InputBroken: fewer than six intents with enough texts.
    """
    draw = random.Random(seed)  # noqa: S311 (a simulation)
    texts = _by_intent(labelled)
    pools = {name: pool for name, pool in sorted(texts.items()) if len(pool) >= LEAST_TEXTS}
    if len(pools) < 6:
        raise InputBroken(
            f"only {len(pools)} intents have {LEAST_TEXTS} texts or more. "
            "Remedy: give a file with six such intents at least"
        )
    foreign = list(dict.fromkeys([*(e.text for e in outside), *texts.get(OOS, ())]))
    draw.shuffle(foreign)
    test: list[Labelled] = []
    for name, pool in pools.items():
        draw.shuffle(pool)
        test += [Labelled(text, name) for text in pool[: shape.tested]]
        del pool[: shape.tested]
    tested_outside = len(foreign) // 3
    test += [Labelled(text, OOS) for text in foreign[:tested_outside]]
    known = draw.sample(sorted(pools), max(2, round(len(pools) * shape.known_share)))
    begins_with: list[Labelled] = []
    for name in sorted(known):
        count = min(shape.phrases, len(pools[name]) // 2)
        begins_with += [Labelled(text, name) for text in pools[name][:count]]
        del pools[name][:count]
    weeks = _ask(pools, foreign[tested_outside:], shape, draw)
    return World(tuple(begins_with), tuple(test), weeks)


def _by_intent(labelled: Sequence[Labelled]) -> dict[str, list[str]]:
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for one in labelled:
        texts[one.intent][one.text] = None
    return {name: list(found) for name, found in texts.items() if name != OOS} | (
        {OOS: list(texts[OOS])} if OOS in texts else {}
    )


def _ask(
    pools: Mapping[str, list[str]], foreign: list[str], shape: Shape, draw: random.Random
) -> tuple[tuple[Labelled, ...], ...]:
    order = sorted(pools)
    draw.shuffle(order)
    phase = {name: draw.uniform(0, 2 * math.pi) for name in order}
    asked: Counter[str] = Counter()
    weeks = []
    for week in range(shape.weeks):
        weights = [
            (1 + 0.6 * math.sin(2 * math.pi * week / 6 + phase[name])) / (rank + 2)
            for rank, name in enumerate(order)
        ]
        turns: list[Labelled] = []
        for _ in range(shape.customers):
            if turns and draw.random() < shape.repeated:
                turns.append(draw.choice(turns))
            elif foreign and draw.random() < shape.outside:
                turns.append(Labelled(draw.choice(foreign), OOS))
            else:
                name = draw.choices(order, weights)[0]
                pool = pools[name]
                turns.append(Labelled(pool[asked[name] % len(pool)], name))
                asked[name] += 1
        weeks.append(tuple(turns))
    return tuple(weeks)
