"""The bucket of a caller: a burst, then a rate; each caller apart."""

import pytest

from handoff_service.limits import MAX_CALLERS, RateLimit
from handoff_service.refusals import RateLimited


def taken(limit, caller, now_ms):
    try:
        limit.take(caller, now_ms=now_ms)
    except RateLimited:
        return False
    return True


def test_a_burst_passes_then_one_each_interval():
    limit = RateLimit(per_minute=60, burst=3)

    assert [taken(limit, "a", 0) for _ in range(5)] == [True, True, True, False, False]
    assert [taken(limit, "a", now) for now in (999, 1000, 1000, 2000)] == [False, True, False, True]


def test_a_pause_refills_the_burst_and_no_more():
    limit = RateLimit(per_minute=60, burst=3)
    for _ in range(3):
        limit.take("a", now_ms=0)

    assert [taken(limit, "a", 1_000_000) for _ in range(4)] == [True, True, True, False]


def test_callers_do_not_share():
    limit = RateLimit(per_minute=1, burst=1)

    assert taken(limit, "a", 0)
    assert taken(limit, "b", 0)
    assert not taken(limit, "a", 1)


def test_the_wait_is_told():
    limit = RateLimit(per_minute=6, burst=1)
    limit.take("a", now_ms=0)

    with pytest.raises(RateLimited) as refused:
        limit.take("a", now_ms=3000)

    assert refused.value.retry_after_s == 7


def test_memory_is_bounded():
    limit = RateLimit(per_minute=1, burst=1)
    for number in range(MAX_CALLERS + 10):
        limit.take(str(number), now_ms=0)

    assert taken(limit, "0", 1)
    assert not taken(limit, str(MAX_CALLERS), 1)
