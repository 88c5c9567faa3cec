"""Says how long a customer will probably wait: an interval that holds four times in five. Pure.

The forecast is the time until enough conversations end for everybody ahead and for this customer:
that of the k-th end in many overlapping renewal processes, one a slot. Its two moments make a gamma
distribution, and what earlier intervals came to widens or narrows the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, sqrt
from statistics import NormalDist, fmean, pvariance
from typing import Self

#: Share of waits that should end inside their interval, half of the rest on either side.
COVERAGE = 0.8
#: With fewer handling times than this, anything said would be a guess.
FEW = 10
#: The standard normal quantile of either end, before anything was measured.
PLAIN = NormalDist().inv_cdf((1 + COVERAGE) / 2)
#: How much wider, in natural logarithms, each miss beyond the fifth that is expected makes the next
#: interval. In simulated queues of 1 to 50 slots 0.02 and 0.03 keep the share best (0.80 ± 0.01).
GAIN = 0.02
#: So many of the latest waits are counted: in the same queues 300 and 500 do alike.
MEASURED = 400
#: Spread of how far a present talk has come, in units of its squared length: all places in it are
#: alike (the variance of a uniform distribution).
PLACES = 1 / 12


class Unknown(StrEnum):
    """Why nothing can be said."""

    NOBODY_STAFFED = "nobody_staffed"  #: no agent who could take it is there
    FEW_HANDLED = "few_handled"  #: fewer than FEW conversations have ended so far


@dataclass(frozen=True, slots=True)
class Times:
    """What is known of some lengths of time, in ms."""

    count: int = 0
    mean: float = 0.0
    variance: float = 0.0

    @classmethod
    def of(cls, times_ms: Sequence[int]) -> Self:
        """Take the moments of a sample."""
        if not times_ms:
            return cls()
        mean = fmean(times_ms)
        return cls(len(times_ms), mean, pvariance(times_ms, mean))


@dataclass(frozen=True, slots=True)
class Pace:
    """How long agents took lately."""

    answer: Times  #: from the offer until it was accepted
    handle: Times  #: from the acceptance until the agent was free again


@dataclass(frozen=True, slots=True)
class Interval:
    """From here to there, in ms, in round figures."""

    low_ms: int
    high_ms: int

    def holds(self, wait_ms: float) -> bool:
        """Whether a wait ended inside."""
        return self.low_ms <= wait_ms <= self.high_ms


@dataclass(frozen=True, slots=True)
class Forecast:
    """A distribution of waits: gamma, by its mean in ms and its shape."""

    mean_ms: float
    shape: float

    def interval(self, width: float) -> Interval:
        """Return what lies between the quantiles of the standard normal scores ±`width`."""
        low, high = (_rounded(self._at(z)) for z in (-width, width))
        return Interval(low, max(low, high))

    def _at(self, z: float) -> float:
        """Return the quantile of a score (Wilson and Hilferty, 1931)."""
        third = 1 / (9 * self.shape)
        return self.mean_ms * max(0.0, 1 - third + z * sqrt(third)) ** 3


def forecast(ahead: float, slots: int, *, free: int, pace: Pace) -> Forecast | Unknown:
    """Return the distribution of the wait of a customer.

    c slots whose times have mean m and squared coefficient of variation v end k conversations in
    about k m/c. While each slot has seen less than one end, the joint process is nearly Poisson
    (the theorem of Palm and Khintchine); later each adds its own v. The two are mixed by the ends
    a slot has had, as Whitt (1983) and Albin (1984) mix them for superposed arrivals.

    Args:
        ahead: How many in line go before, and to the same agents (a fraction where only some do).
        slots: How many conversations the fitting agents may hold at once, free or not.
        free: How many of these slots are free.
        pace: Recent times of such conversations.
    """
    if slots < 1:
        return Unknown.NOBODY_STAFFED
    if pace.handle.count < FEW:
        return Unknown.FEW_HANDLED
    answer, handle = pace.answer, pace.handle
    each, ends = max(answer.mean + handle.mean, 1.0), max(0.0, ahead + 1 - free)
    v = (answer.variance + handle.variance) / each**2
    own, step = min(1.0, ends / slots), each / slots
    wait = (ends - own * (1 - v) / 2) * step
    variance = (ends * (1 - own + own * v) + own * slots * PLACES) * step**2
    variance += wait**2 * v / handle.count  # the mean is only measured, too
    mean = max(answer.mean + wait, 1.0)
    # Known to a twentieth at best: no queue is steadier than that.
    return Forecast(mean, mean**2 / max(variance + answer.variance, (mean / 20) ** 2))


def width(held: int, measured: int) -> float:
    """Return how far the next interval should reach, as a standard normal score.

    Adaptive conformal inference (Gibbs and Candès, 2021): wider by a step for each wait outside its
    interval, narrower by a quarter of it for each inside, so that four in five hold whatever the
    forecast is like and however it changes.

    Args:
        held: How many of the latest waits ended inside their intervals.
        measured: How many there were, MEASURED at most.
    """
    return PLAIN * exp(GAIN * (COVERAGE * measured - held))


def _rounded(wait_ms: float) -> int:
    """Round to what people say: 5 s below a minute, 15 s below five, then whole minutes.

    To the nearest, so that an interval is no wider than it was measured to be.
    """
    step = 5_000 if wait_ms < 60_000 else 15_000 if wait_ms < 300_000 else 60_000
    return round(wait_ms / step) * step
