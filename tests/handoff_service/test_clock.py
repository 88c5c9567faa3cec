"""Clocks that are set, machines that stand still: time goes on evenly, for all replicas alike."""

import pytest

from handoff_service.clock import JUMP_MS, SystemClock
from handoff_service.clock_keeper import GAP_S, ClockKeeper
from handoff_service.metrics import Metrics
from handoff_service.store.desk_time import Agreement

HOUR_MS = 3_600_000


class Machine:
    """The two clocks of a machine, in the test's hand."""

    def __init__(self, wall_ms=1_700_000_000_000):
        self.wall_ms, self.up_ms = wall_ms, 5_000

    def clock(self):
        return SystemClock(
            monotonic_ns=lambda: self.up_ms * 1_000_000, wall_ns=lambda: self.wall_ms * 1_000_000
        )

    def pass_ms(self, ms):
        self.wall_ms += ms
        self.up_ms += ms


@pytest.mark.parametrize("jump_ms", [HOUR_MS, -HOUR_MS])
def test_setting_the_machines_clock_changes_nothing(jump_ms):
    machine = Machine()
    clock = machine.clock()
    began = clock.now_ms()

    machine.wall_ms += jump_ms
    machine.pass_ms(1000)

    assert clock.now_ms() == began + 1000


@pytest.mark.parametrize("off_ms", [-500, 500])
def test_a_small_difference_is_made_up_without_ever_going_back(off_ms):
    machine = Machine()
    clock = machine.clock()
    clock.steer(clock.now_ms() + off_ms)
    began, seen = clock.now_ms(), []

    for _ in range(100):
        machine.pass_ms(100)
        seen.append(clock.now_ms())

    assert seen == sorted(set(seen))
    assert seen[-1] == began + 10_000 + off_ms
    assert seen[0] == began + 100 + (10 if off_ms > 0 else -10)


def test_a_clock_that_stood_still_goes_to_the_others_time_at_once():
    machine = Machine()
    clock = machine.clock()

    clock.steer(clock.now_ms() + JUMP_MS + 1)

    assert clock.now_ms() == machine.wall_ms + JUMP_MS + 1


# Redis's own clock cannot be set in a test; that of a replica can be, which looks the same to the
# script: it only sees the difference.


async def test_replicas_that_agree_share_one_time(store):
    joined = await store.times.agree("a", now_ms=0, joins=True)

    for replica in "abab":
        found = await store.times.agree(replica, now_ms=joined.now_ms + 1000)
        assert (found.agreement, found.added_ms) == (Agreement.AGREED, 0)


@pytest.mark.parametrize("jump_ms", [HOUR_MS, -HOUR_MS])
async def test_when_the_clock_of_redis_is_set_the_desk_goes_on_evenly(store, jump_ms):
    real = (await store.times.agree("a", now_ms=0, joins=True)).now_ms
    desk_ms = real - jump_ms  # what the replicas had, before Redis jumped from there to `real`

    first = await store.times.agree("a", now_ms=desk_ms)
    second = await store.times.agree("b", now_ms=desk_ms)
    newcomer = await store.times.agree("c", now_ms=real, joins=True)

    assert first.agreement is Agreement.HELD
    assert second.agreement is Agreement.AGREED
    for found in (first, second, newcomer):
        assert abs(found.now_ms - desk_ms) < JUMP_MS


async def test_the_desk_comes_back_slowly_to_the_time_of_redis(store):
    real = (await store.times.agree("a", now_ms=0, joins=True)).now_ms
    held = await store.times.agree("a", now_ms=real + HOUR_MS)
    await store.redis.hincrby(store.keys.clock, "agreed", -1000)  # a second passes

    later = await store.times.agree("a", now_ms=held.now_ms)

    assert held.added_ms - 60 <= later.added_ms <= held.added_ms - 50


async def test_one_replica_that_stood_still_follows_the_others(store):
    real = (await store.times.agree("a", now_ms=0, joins=True)).now_ms
    await store.times.agree("b", now_ms=real)

    found = await store.times.agree("a", now_ms=real - HOUR_MS)

    assert found.agreement is Agreement.FOLLOW
    assert abs(found.now_ms - real) < JUMP_MS
    assert found.added_ms == 0


async def test_the_keeper_says_when_a_clock_was_set_and_shows_it(store):
    clock, metrics = SystemClock(), Metrics()
    keeper = ClockKeeper(store, clock, replica="a", metrics=metrics)
    await keeper.join()
    await keeper.step()
    assert (keeper.problem, clock.watched_from_ms()) == ("", 0)
    before = clock.now_ms()

    # As if Redis had been set an hour back: nobody agrees on what it says.
    await store.redis.hset(store.keys.clock, mapping={"added": -HOUR_MS, "by": "a"})
    await keeper.step()

    assert abs(clock.now_ms() - before) < JUMP_MS
    assert metrics.registry.get_sample_value("baton_clock_jumps_total") == 1
    assert keeper.problem == ""  # what is added now makes the desk's time that of before


async def test_as_long_as_the_desk_is_not_on_the_time_of_redis_the_operator_is_told(store):
    clock, metrics = SystemClock(), Metrics()
    await store.redis.hset(store.keys.clock, mapping={"added": HOUR_MS})
    keeper = ClockKeeper(store, clock, replica="a", metrics=metrics)

    await keeper.join()

    assert "NTP" in keeper.problem
    assert metrics.registry.get_sample_value("baton_clock_added_seconds") == HOUR_MS / 1000


async def test_after_a_gap_everybody_gets_their_grace(store):
    clock, up = SystemClock(), [0.0]
    keeper = ClockKeeper(store, clock, replica="a", metrics=Metrics(), monotonic=lambda: up[0])
    await keeper.join()
    up[0] += GAP_S
    await keeper.step()
    assert clock.watched_from_ms() == 0

    up[0] += GAP_S + 1
    await keeper.step()

    assert clock.now_ms() - clock.watched_from_ms() < JUMP_MS
