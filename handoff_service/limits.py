"""Limits how often somebody may do something."""

from collections import OrderedDict

from handoff_service.refusals import RateLimited

#: Callers remembered at most; the longest unheard-of are forgotten first.
MAX_CALLERS = 100_000


class RateLimit:
    """A token bucket for each caller: `burst` at once, then `per_minute`.

    Kept as one number a caller, the generic cell rate algorithm (ITU-T I.371): the time at which
    the bucket is full again. Each process counts for itself: with N replicas a caller who spreads
    over all of them gets N times as much, which still bounds what one can do.
    """

    def __init__(self, *, per_minute: int, burst: int) -> None:
        """Allow `burst` at once and `per_minute` in the long run."""
        self._interval_ms = 60_000 / per_minute
        self._slack_ms = self._interval_ms * (burst - 1)
        self._full_again: OrderedDict[str, float] = OrderedDict()

    def take(self, caller: str, *, now_ms: int) -> None:
        """Count one.

        Raises:
            RateLimited: too soon; nothing was counted.
        """
        full_again = max(self._full_again.get(caller, 0.0), float(now_ms))
        early_ms = full_again - now_ms - self._slack_ms
        if early_ms > 0:
            raise RateLimited(retry_after_s=max(1, round(early_ms / 1000)))
        self._full_again[caller] = full_again + self._interval_ms
        self._full_again.move_to_end(caller)
        while len(self._full_again) > MAX_CALLERS:
            self._full_again.popitem(last=False)
