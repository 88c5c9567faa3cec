"""Schedules of faults: repeatable, and never the end of everything."""

from itertools import pairwise

import pytest

from baton.chaos.faults import FLEET_RECOVERY_S, PRIMARY, SERVICE, Kind, draw

PARTS = ["rasa", "actions", PRIMARY, "redis-replica", "sentinel"]


def drawn(seed=1, *, seconds=600.0, replicas=3, every_s=2.0, parts=PARTS):
    return draw(seed, seconds=seconds, replicas=replicas, every_s=every_s, parts=parts)


def test_a_seed_gives_one_schedule():
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


@pytest.mark.parametrize("seed", range(20))
def test_every_fault_is_over_before_the_run_is(seed):
    faults = drawn(seed)

    assert faults == sorted(faults, key=lambda fault: fault.at_s)
    assert all(fault.at_s + fault.for_s < 600 for fault in faults)


@pytest.mark.parametrize("seed", range(20))
def test_one_replica_always_stands(seed):
    faults = [f for f in drawn(seed, every_s=0.5) if f.part.startswith(f"{SERVICE}-")]

    for fault in faults:
        down = {
            other.part for other in faults if other.at_s <= fault.at_s <= other.at_s + other.for_s
        }
        assert len(down) < 3


def test_a_long_run_has_every_kind_of_fault_on_every_part():
    faults = [fault for seed in range(5) for fault in drawn(seed)]

    assert {fault.kind for fault in faults} == set(Kind)
    assert {fault.part.partition("-")[0] for fault in faults} >= {
        "service",
        "rasa",
        "actions",
        "redis",
        "sentinel",
    }


def test_a_lone_redis_is_never_paused_for_long_nor_failed_over():
    faults = [fault for seed in range(20) for fault in drawn(seed, parts=[PRIMARY])]
    of_redis = [fault for fault in faults if fault.part == PRIMARY]

    assert {fault.kind for fault in of_redis} == {Kind.KILL, Kind.PAUSE}
    assert max(fault.for_s for fault in of_redis) <= 3.0


def test_only_faults_of_the_network_have_a_share():
    for fault in drawn():
        assert bool(fault.share) == (fault.kind in {Kind.CUT, Kind.STALL, Kind.SWALLOW})


@pytest.mark.parametrize("seed", range(10))
def test_servers_of_redis_find_each_other_again_before_the_next_fault(seed):
    faults = [fault for fault in drawn(seed) if fault.part.startswith("redis")]

    for before, after in pairwise(faults):
        assert after.at_s - before.at_s - before.for_s >= FLEET_RECOVERY_S - 0.1
