"""The service audits itself: it mends, counts and tells, on one replica of all."""

import asyncio

import pytest

from handoff_service.audit.watch import Watch
from handoff_service.domain import State
from handoff_service.metrics import Metrics
from tests.handoff_service.desk import DEADLINE_S


@pytest.fixture
def watch(desk, settings):
    def make(replica="w_1"):
        metrics = Metrics()
        return metrics, Watch(
            desk.store, clock=desk.clock, settings=settings, metrics=metrics, replica=replica
        )

    return make


def value(metrics, name, code):
    return metrics.registry.get_sample_value(name, {"code": code})


async def test_a_round_mends_counts_and_tells(desk, watch, caplog):
    metrics, one = watch()
    name = await desk.talk(State.WAITING)
    await desk.store.redis.zrem(desk.store.keys.queue, name)

    await one.round()

    assert await desk.store.queue.place(name) == 1
    assert value(metrics, "baton_audit_findings", "index_missing") == 1
    assert value(metrics, "baton_audit_repairs_total", "index_missing") == 1
    assert "index_missing" in caplog.text
    assert name in caplog.text
    await one.round()
    assert value(metrics, "baton_audit_findings", "index_missing") == 0
    assert value(metrics, "baton_audit_repairs_total", "index_missing") == 1


async def test_what_cannot_be_mended_stays_told(desk, watch):
    metrics, one = watch()
    name = await desk.talk()
    await desk.store.redis.hincrby(desk.store.keys.conversation(name), "seq", 1)

    for _ in range(2):
        await one.round()
        assert value(metrics, "baton_audit_findings", "event_gap") == 1
    assert value(metrics, "baton_audit_repairs_total", "event_gap") is None


async def test_one_replica_audits_and_another_goes_on_when_it_stops(desk, watch):
    (first_metrics, first), (second_metrics, second) = watch("w_1"), watch("w_2")
    audits = asyncio.create_task(first.run())
    await _until(lambda: value(first_metrics, "baton_audit_findings", "event_gap") == 0)
    waits = asyncio.create_task(second.run())
    assert value(second_metrics, "baton_audit_findings", "event_gap") is None

    audits.cancel()
    await asyncio.gather(audits, return_exceptions=True)

    await _until(lambda: value(second_metrics, "baton_audit_findings", "event_gap") == 0)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)


async def _until(condition):
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - a metric raises no event
            await asyncio.sleep(0.02)
