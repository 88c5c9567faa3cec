"""Two proportions compared at every look: seldom wrong, and in time."""

import math

import numpy as np
import pytest

from learning.splitting.sequential import ALPHA, FEWEST, Proportion, compare


def test_the_interval_is_that_of_the_formula():
    live, candidate = Proportion(600, 1000), Proportion(130, 200)

    found = compare(live, candidate)

    # By hand: the two estimates of the variance, the larger one, then the half width.
    own = 0.5998 * 0.4002 / 1000 + 0.648515 * 0.351485 / 200
    alike = 0.608153 * 0.391847 * (1 / 1000 + 1 / 200)
    v, t2 = max(own, alike), 0.05**2
    half = math.sqrt(2 * v * (v + t2) / t2 * math.log(math.sqrt((v + t2) / v) / 0.025))
    assert found.difference == pytest.approx(0.05)
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=1e-4)
    assert found.decided == "none"


@pytest.mark.parametrize(
    ("live", "candidate", "decided"),
    [
        (Proportion(0, 0), Proportion(9, 9), "none"),
        (Proportion(900, 1000), Proportion(0, FEWEST - 1), "none"),
        (Proportion(900, 1000), Proportion(0, FEWEST), "worse"),
        (Proportion(100, 1000), Proportion(FEWEST, FEWEST), "better"),
        (Proportion(600, 1000), Proportion(600, 1000), "none"),
        (Proportion(1000, 1000), Proportion(1000, 1000), "none"),
    ],
)
def test_what_is_plain_is_said_and_nothing_before_there_is_enough(live, candidate, decided):
    assert compare(live, candidate).decided == decided


def looks(live, candidate, *, share, a_day, days, seed, times):
    """Look at splits daily; return after how many conversations each was decided, and how."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(times):
        drawn = chance.binomial(a_day, share, days)
        of = np.cumsum([a_day - drawn, drawn], axis=1)
        good = np.cumsum(
            [chance.binomial(a_day - drawn, live), chance.binomial(drawn, candidate)], axis=1
        )
        verdicts = (
            (a_day * (day + 1), compare(*_arms(good[:, day], of[:, day])).decided)
            for day in range(days)
        )
        found.append(next((one for one in verdicts if one[1] != "none"), (None, "none")))
    return found


def _arms(good, of):
    return (Proportion(int(g), int(n)) for g, n in zip(good, of, strict=True))


@pytest.mark.parametrize(
    ("rate", "share"), [(0.6, 0.5), (0.6, 0.1), (0.05, 0.5), (0.95, 0.1), (0.3, 0.2)]
)
def test_alike_bots_are_seldom_told_apart_by_who_looks_daily(rate, share):
    found = looks(rate, rate, share=share, a_day=50, days=60, seed=1, times=2000)

    false_alarms = sum(how != "none" for _, how in found) / len(found)
    assert false_alarms <= ALPHA, "two proportions are compared: a split is wrong at most at 5 %"


@pytest.mark.parametrize(("candidate", "decided"), [(0.65, "better"), (0.55, "worse")])
def test_five_points_are_seen_after_some_thousand_conversations(candidate, decided):
    found = looks(0.6, candidate, share=0.5, a_day=200, days=60, seed=2, times=300)

    assert {how for _, how in found} <= {decided, "none"}
    needed = sorted(at or math.inf for at, _ in found)
    assert needed[len(needed) // 2] <= 4600, "half of the splits"
    assert needed[len(needed) * 8 // 10] <= 7000, "four in five"
