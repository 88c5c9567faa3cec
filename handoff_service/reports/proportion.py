"""A share with the number it was counted from: one never stands without the other."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

#: Normal quantile of a two-sided interval that covers 95 %.
Z_95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` out of `count`; no share and no interval of nothing."""

    hits: int
    count: int

    @property
    def share(self) -> float | None:
        """Hits ÷ count."""
        return self.hits / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval of the share: Wilson's score interval (Wilson 1927, JASA 22).

        Unlike the usual ± it stays within 0 and 1 and says something of three votes.
        """
        if not self.count:
            return None
        share, z2 = self.hits / self.count, Z_95**2 / self.count
        middle = (share + z2 / 2) / (1 + z2)
        reach = Z_95 * sqrt((share * (1 - share) + z2 / 4) / self.count) / (1 + z2)
        return max(0.0, middle - reach), min(1.0, middle + reach)
