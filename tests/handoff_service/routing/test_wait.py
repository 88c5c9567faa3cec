"""How long a customer will wait: the interval holds four times in five, in simulated queues."""

import heapq
import math
import random
from collections import deque

import pytest

from handoff_service.routing.wait import (
    COVERAGE,
    FEW,
    MEASURED,
    PLAIN,
    Forecast,
    Interval,
    Pace,
    Times,
    Unknown,
    forecast,
    width,
)

MINUTE = 60_000


def pace_of(answer_ms, handle_ms):
    return Pace(Times.of(answer_ms), Times.of(handle_ms))


PACE = pace_of((5_000,) * 20, range(3 * MINUTE, 5 * MINUTE, 6_000))


class SimulatedDesk:
    """A queue with lognormal talks; who must wait is promised an interval on coming."""

    def __init__(self, seed, *, slots, load, variation, mean_ms=5 * MINUTE):
        self.random = random.Random(seed)
        self.sigma = math.sqrt(math.log(1 + variation**2))
        self.mu = math.log(mean_ms) - self.sigma**2 / 2
        self.slots, self.load, self.mean_ms = slots, load, mean_ms
        self.now = self.comes_at = 0.0
        self.waiting, self.talks, self.answered = deque(), [], []
        self.answers, self.handled = deque(maxlen=200), deque(maxlen=200)
        self.held = deque(maxlen=MEASURED)

    def run(self, customers):
        """Let so many customers come; return for each promise that was settled if it held."""
        held = []
        while customers:
            if not self.talks or self.comes_at <= self.talks[0][0]:
                self.now = self.comes_at
                held += self._settle()
                self._come()
                customers -= 1
            else:
                self.now, answer, talk = heapq.heappop(self.talks)
                held += self._settle()
                self.answers.append(int(answer))
                self.handled.append(int(talk))
            self._serve()
        return held

    def _come(self):
        promise = None
        if self.waiting or len(self.talks) >= self.slots:
            pace = pace_of(self.answers, self.handled)
            told = forecast(len(self.waiting), self.slots, free=0, pace=pace)
            if isinstance(told, Forecast):
                promise = told.interval(width(sum(self.held), len(self.held)))
        self.waiting.append((self.now, promise))
        self.comes_at += self.random.expovariate(self.load * self.slots / self.mean_ms)

    def _serve(self):
        while self.waiting and len(self.talks) < self.slots:
            came, promise = self.waiting.popleft()
            answer, talk = (
                self.random.uniform(2e3, 12e3),
                self.random.lognormvariate(self.mu, self.sigma),
            )
            heapq.heappush(self.talks, (self.now + answer + talk, answer, talk))
            if promise is not None:
                at = self.now + answer
                heapq.heappush(self.answered, (at, promise.holds(at - came)))

    def _settle(self):
        settled = []
        while self.answered and self.answered[0][0] <= self.now:
            settled.append(heapq.heappop(self.answered)[1])
        self.held.extend(settled)
        return settled


def share(held):
    assert len(held) > 300
    return sum(held) / len(held)


@pytest.mark.parametrize(
    ("slots", "load", "variation"),
    [(1, 0.9, 0.8), (5, 0.95, 0.8), (5, 0.98, 0.3), (20, 0.97, 1.2), (50, 0.99, 1.0)],
)
def test_four_waits_in_five_end_inside_their_interval(slots, load, variation):
    desk = SimulatedDesk(7, slots=slots, load=load, variation=variation)
    desk.run(300)

    assert 0.75 <= share(desk.run(2000)) <= 0.85


@pytest.mark.parametrize(("before", "after"), [(5, 9), (9, 4)])
def test_the_share_is_kept_when_staffing_changes(before, after):
    desk = SimulatedDesk(7, slots=before, load=0.95, variation=0.8)
    desk.run(1000)

    desk.slots = after

    assert 0.75 <= share(desk.run(1500)) <= 0.85


def test_the_share_is_kept_when_talks_become_twice_as_long():
    desk = SimulatedDesk(7, slots=6, load=0.9, variation=0.8)
    desk.run(1000)

    desk.mu += math.log(2)
    desk.mean_ms *= 2

    assert 0.75 <= share(desk.run(1500)) <= 0.85


def told(ahead, slots, free=0, pace=PACE):
    made = forecast(ahead, slots, free=free, pace=pace)
    assert isinstance(made, Forecast)
    return made.interval(PLAIN)


def test_a_place_further_back_waits_longer_and_more_agents_make_it_shorter():
    assert told(0, 4).high_ms < told(5, 4).low_ms
    assert told(20, 10).high_ms < told(20, 4).low_ms


def test_with_a_free_slot_the_wait_is_what_it_takes_to_accept():
    assert told(0, 4, free=1) == Interval(5_000, 5_000)
    assert told(1, 4, free=1) == told(0, 4)


def test_the_far_end_of_a_long_line_is_known_in_proportion():
    slots, ahead = 1_000, 9_999
    middle = forecast(ahead, slots, free=0, pace=PACE).mean_ms

    assert middle == pytest.approx(10 * (239_000 + 5_000), rel=0.06)


@pytest.mark.parametrize(
    ("slots", "handled", "why"),
    [
        (0, 100, Unknown.NOBODY_STAFFED),
        (3, FEW - 1, Unknown.FEW_HANDLED),
    ],
)
def test_thin_data_are_said_to_be_thin(slots, handled, why):
    assert forecast(2, slots, free=0, pace=pace_of((), (MINUTE,) * handled)) is why


def test_talks_of_no_length_at_all_are_no_error():
    assert told(3, 2, pace=pace_of((), (0,) * FEW)) == Interval(0, 0)


def test_misses_widen_and_hits_narrow_around_the_share_that_is_wanted():
    assert width(0, 0) == PLAIN
    assert width(round(COVERAGE * 100), 100) == pytest.approx(PLAIN)
    assert width(70, 100) > PLAIN > width(90, 100)
