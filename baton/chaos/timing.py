"""How long people take: drawn from real dialogues, or from a distribution fitted to them."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

#: Gaps between messages of people who chat with an agent (s): median and 90th percentile of the
#: 2,400 dialogues of STAR (Mosig et al. 2020), whose messages carry their times.
MEDIAN_S, P90_S = 20.0, 53.0
#: Spread of the lognormal with these two: ln(P90 / P50) / z(0.9), z(0.9) = 1.2816.
SIGMA = math.log(P90_S / MEDIAN_S) / 1.2816
#: Longer gaps of a file are people who went for lunch: they would only idle.
LONGEST_S = 180.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Draws human times in seconds, divided by `pace`.

    `gaps`: measured ones to draw from; empty: the lognormal above.
    """

    pace: float = 1.0
    gaps: Sequence[float] = ()

    def gap_s(self, rng: random.Random) -> float:
        """Return the time somebody takes to write the next message."""
        if self.gaps:
            return rng.choice(self.gaps) / self.pace
        drawn = rng.lognormvariate(math.log(MEDIAN_S), SIGMA)
        return min(drawn, LONGEST_S) / self.pace

    def about_s(self, seconds: float, rng: random.Random) -> float:
        """Return a time around `seconds`, from half of it to twice as much."""
        return seconds * 2 ** rng.uniform(-1, 1) / self.pace


def read_gaps(file: Path) -> list[float]:
    """Return the gaps (s) between messages of the dialogues in a file.

    Args:
        file: JSON lines; `turns` of each: [author, text, second from the beginning, …].

    Raises:
        ValueError: a line has another form; names it.
        OSError: the file cannot be read.
    """
    gaps: list[float] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            times = [float(turn[2]) for turn in json.loads(line)["turns"]]
        except (ValueError, KeyError, TypeError, IndexError):
            raise ValueError(
                f"{file}:{number}: no dialogue of the form "
                '{"turns": [[author, text, second], …]}. Remedy: --timing another file, or none'
            ) from None
        gaps += [b - a for a, b in pairwise(times) if 0 < b - a <= LONGEST_S]
    if not gaps:
        raise ValueError(f"{file}: no gaps between messages. Remedy: --timing another file")
    return gaps
